// Certificates that change while the gateway serves: SIGHUP reads them anew; a pair that cannot be served
// changes nothing.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

using namespace e2e;

namespace {

namespace fs = std::filesystem;

struct renewing_scene : scene {
    renewing_scene() { upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])"); }

    std::string const chain = at.files.path("shown.pem");
    std::string const key = at.files.path("shown.key");
    gateway turning = with_certificate_of("first.example");

    void issue(std::string const& name, std::string const& to_chain, std::string const& to_key) const
    {
        at.ca.issue({.name = name}, to_chain, to_key);
    }
    /// As those who renew certificates do it: a whole new file in the old one's place.
    void renew(std::string const& name) const
    {
        issue(name, chain + ".new", key + ".new");
        fs::rename(chain + ".new", chain);
        fs::rename(key + ".new", key);
    }
    /// The name in the certificate that everybody is shown, whichever worker takes the connection.
    [[nodiscard]] std::string shown() const
    {
        auto const name = client(turning.port()).certificate_name();
        for (auto i = 0; i < 7; ++i)
            BOOST_TEST(client(turning.port()).certificate_name() == name);
        return name;
    }

private:
    [[nodiscard]] gateway with_certificate_of(std::string const& name) const
    {
        fs::remove(chain);
        issue(name, chain, key);
        return at.another(R"({"tls": {"certificates": [{"chain": "shown.pem", "key": "shown.key"}]}})");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(certificate_reload, renewing_scene)

BOOST_AUTO_TEST_CASE(new_connections_see_the_new_chain_and_open_ones_go_on)
{
    BOOST_TEST(shown() == "first.example");
    auto const own = turning.mint("tts");
    auto socket = open_websocket(turning.port(), "/tts/websocket", {cookie(own)});
    client kept(turning.port());
    kept.send(request("GET", "/nowhere"));
    BOOST_TEST(read_answer(kept).status == 404U);

    renew("second.example");
    BOOST_TEST(shown() == "first.example"); // nobody asked for it
    turning.reload();
    BOOST_TEST(shown() == "second.example");
    socket.send(text_frame("still there"));
    BOOST_TEST(read_frame(socket).payload == "still there");
    kept.send(request("GET", "/nowhere"));
    BOOST_TEST(read_answer(kept).status == 404U);
}

BOOST_AUTO_TEST_CASE(a_session_from_before_is_resumed)
{
    for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        client_options how;
        how.version_min = version;
        how.version_max = version;
        client first(turning.port(), how);
        first.send(request("GET", "/nowhere"));
        (void)read_answer(first);
        how.resume = first.session();
        renew("second.example");
        turning.reload();
        BOOST_TEST(client(turning.port(), how).resumed());
    }
}

BOOST_AUTO_TEST_CASE(many_reloads_cost_nobody_anything)
{
    auto const own = turning.mint("tts", seconds{3600});
    auto socket = open_websocket(turning.port(), "/tts/websocket", {cookie(own)});
    for (auto i = 0; i < 20; ++i) {
        auto const name = "name-" + std::to_string(i) + ".example";
        renew(name);
        turning.reload();
        for (auto each = 0; each < 4; ++each) {
            client fresh(turning.port());
            BOOST_TEST(fresh.certificate_name() == name);
            fresh.send(request("GET", "/nowhere"));
            BOOST_TEST(read_answer(fresh).status == 404U);
        }
        socket.send(text_frame(name));
        BOOST_TEST(read_frame(socket).payload == name);
    }
}

BOOST_AUTO_TEST_CASE(a_pair_that_cannot_be_served_changes_nothing_and_is_named)
{
    auto const good_chain = read_file(chain);
    auto const good_key = read_file(key);
    auto const refuses = [&](std::string const& says) {
        auto const said = turning.refused_reload();
        BOOST_TEST(said.starts_with("reload: nothing has changed: tls.certificates: "), said);
        BOOST_TEST(said.find(says) != std::string::npos, said);
        BOOST_TEST(shown() == "first.example");
        write_file(chain, good_chain);
        write_file(key, good_key);
    };
    issue("second.example", chain, at.files.path("its-own.key")); // half of a renewal
    refuses(key + ": does not belong to the first certificate in " + chain);
    write_file(chain, "");
    refuses(chain + ": holds no certificate");
    write_file(chain, good_chain + read_file(at.files.path("server.pem")));
    refuses(chain + ": certificate 2 did not issue certificate 1");
    fs::permissions(key, fs::perms(0644));
    refuses(key + ": its mode is 0644");
    fs::permissions(key, fs::perms(0600));
    fs::remove(key);
    refuses(key);

    renew("second.example");
    turning.reload();
    BOOST_TEST(shown() == "second.example");
}

BOOST_AUTO_TEST_CASE(a_bad_pair_holds_a_new_token_key_back_too)
{
    auto const tokens = at.files.path("held-back.jwk");
    fs::remove(tokens);
    auto const keygen = [&] { return run({voicegate_program(), "keygen", "tokens", tokens}).status; };
    BOOST_REQUIRE(keygen() == 0);
    auto both = at.another(
        R"({"tls": {"certificates": [{"chain": "shown.pem", "key": "shown.key"}]},
            "tokens": {"key_file": "held-back.jwk"}})");
    auto const named_in = [](std::string const& text) { return text.substr(0, text.find('.')); };
    auto const before = named_in(both.mint("tts"));
    BOOST_REQUIRE(keygen() == 0);
    write_file(chain, "nothing");
    both.program().signal(SIGHUP);
    await("a refused reload", [&] { return both.errors().find("tls.certificates") != std::string::npos; });
    BOOST_TEST((named_in(both.mint("tts")) == before));
}

BOOST_AUTO_TEST_CASE(links_that_lead_elsewhere_are_followed) // as certbot and Kubernetes renew
{
    for (auto const* directory : {"archive", "mounted/..1", "mounted/..2"})
        fs::create_directories(at.files.path(directory));
    auto const link = [&](std::string const& to, std::string const& name) {
        fs::remove(at.files.path(name + ".new"));
        fs::create_symlink(to, at.files.path(name + ".new"));
        fs::rename(at.files.path(name + ".new"), at.files.path(name));
    };
    auto const path = [&](std::string const& name) { return at.files.path(name); };
    issue("one.example", path("archive/chain1.pem"), path("archive/key1.pem"));
    link("archive/chain1.pem", "live.pem");
    link("archive/key1.pem", "live.key");
    issue("pod-one.example", path("mounted/..1/tls.crt"), path("mounted/..1/tls.key"));
    link("..1", "mounted/..data");
    link("..data/tls.crt", "mounted/tls.crt");
    link("..data/tls.key", "mounted/tls.key");
    auto linked = at.another(R"({"tls": {"certificates": [
        {"chain": "live.pem", "key": "live.key"}, {"chain": "mounted/tls.crt", "key": "mounted/tls.key"}]}})");
    auto const shows = [&](std::string const& name) {
        client_options how;
        how.server_name = name;
        return client(linked.port(), how).certificate_name() == name;
    };
    BOOST_TEST(shows("one.example"));
    BOOST_TEST(shows("pod-one.example"));

    issue("two.example", path("archive/chain2.pem"), path("archive/key2.pem"));
    link("archive/chain2.pem", "live.pem");
    link("archive/key2.pem", "live.key");
    issue("pod-two.example", path("mounted/..2/tls.crt"), path("mounted/..2/tls.key"));
    link("..2", "mounted/..data");
    linked.program().signal(SIGHUP);
    await("the new certificates", [&] { return shows("two.example") && shows("pod-two.example"); });
    BOOST_TEST(!shows("one.example"));
    BOOST_TEST(linked.errors().find("reload") == std::string::npos, linked.errors());
}

BOOST_AUTO_TEST_CASE(ticket_keys_turn_by_themselves)
{
    auto hasty = at.another(R"({"tls": {"ticket_rotation": "2s"}})");
    client first(hasty.port());
    first.send(request("GET", "/nowhere"));
    (void)read_answer(first);
    client_options how;
    how.resume = first.session();
    BOOST_TEST(client(hasty.port(), how).resumed());
    await("a ticket that no key opens any more", [&] { return !client(hasty.port(), how).resumed(); });
}

BOOST_AUTO_TEST_SUITE_END()
