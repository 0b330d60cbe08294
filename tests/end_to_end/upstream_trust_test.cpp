// Whom the gateway trusts upstream: revocation lists, pins, and authorities that change while it serves.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace e2e;

namespace {

/// A simulator with a certificate of its own, and gateways in front of it.
struct trusting_scene : scene {
    trusting_scene()
    {
        at.ca.issue({}, here.path("api.pem"), here.path("api.key"));
        api.emplace(here, here.path("api.pem"), here.path("api.key"));
    }

    scratch_directory here;
    std::optional<simulator> api;
    std::string const list = at.files.path("revoked.pem");
    static constexpr std::string_view with_list = R"("crl_file": "revoked.pem")";

    [[nodiscard]] std::string changes(std::string_view trust, std::string_view credential) const
    {
        return R"({"upstream": {"credential": ")" + std::string(credential) +
               R"(", "url": "https://localhost:)" + std::to_string(api->port()) + "\", " +
               std::string(trust) + "}}";
    }
    [[nodiscard]] gateway in_front(std::string_view trust, std::string_view credential = "api_key") const
    {
        return at.another(changes(trust, credential));
    }
    [[nodiscard]] static unsigned speak(gateway const& by)
    {
        return ask(by.port(), request("POST", "/tts/bytes", {cookie(by.mint("tts"))}, speech())).status;
    }
    void revoke(std::vector<std::string> const& revoked) const { at.ca.write_revocations(revoked, list); }
};

std::string pins(std::string const& of_file) { return R"("pins": [")" + pin_of(of_file) + "\"]"; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(upstream_trust, trusting_scene)

BOOST_AUTO_TEST_CASE(a_revoked_certificate_is_502_and_learns_no_credential)
{
    revoke({here.path("api.pem")});
    auto careful = in_front(with_list);
    BOOST_TEST(speak(careful) == 502U);
    BOOST_TEST(api->requests().empty());
    auto minting = in_front(with_list, "access_token");
    BOOST_TEST(speak(minting) == 503U); // there is no token to send
    BOOST_TEST(api->token_requests().empty());
    BOOST_TEST(api->requests().empty());
    revoke({at.files.path("server.pem")});
    auto other = in_front(with_list, "access_token");
    BOOST_TEST(speak(other) == 200U);
}

BOOST_AUTO_TEST_CASE(what_is_revoked_while_the_gateway_serves_gets_nothing_more)
{
    revoke({});
    auto careful = in_front(with_list);
    auto minting = in_front(with_list, "access_token");
    for (auto i = 0; i < 8; ++i) // both workers hold idle connections and sessions
        BOOST_TEST(speak(careful) == 200U);
    BOOST_TEST(speak(minting) == 200U);

    revoke({here.path("api.pem")});
    careful.reload();
    minting.reload();
    api->forget();
    await("the end of what was open", [&] { return speak(careful) == 502; });
    api->forget();
    for (auto i = 0; i < 8; ++i)
        BOOST_TEST(speak(careful) == 502U);
    BOOST_TEST(api->requests().empty());

    revoke({});
    careful.reload();
    BOOST_TEST(speak(careful) == 200U);
}

BOOST_AUTO_TEST_CASE(a_websocket_goes_on_over_a_revocation)
{
    revoke({});
    auto careful = in_front(with_list);
    api->faults(R"([{"path": "/tts/websocket", "do": "ws_echo"}])");
    auto socket = open_websocket(careful.port(), "/tts/websocket", {cookie(careful.mint("tts"))});
    revoke({here.path("api.pem")});
    careful.reload();
    socket.send(text_frame("still there"));
    BOOST_TEST(read_frame(socket).payload == "still there");
}

BOOST_AUTO_TEST_CASE(an_expired_list_is_refused_at_the_start_and_at_reload)
{
    revoke({});
    auto careful = in_front(with_list);
    at.ca.write_revocations({}, list, 0);
    (void)careful.refused_reload();
    auto const said = careful.errors();
    BOOST_TEST(
        said.find("upstream.crl_file: " + list + ": revocation list 1 has expired") != std::string::npos,
        said);
    BOOST_TEST(speak(careful) == 200U);
    auto const file = write_configuration(at.files, "expired", api->port(), changes(with_list, "api_key"));
    for (auto const* command : {"serve", "check"}) {
        auto const ended = run({voicegate_program(), command, "--config", file});
        BOOST_TEST(ended.status == 78);
        BOOST_TEST(ended.errors.find("upstream.crl_file: ") != std::string::npos, ended.errors);
        BOOST_TEST(ended.errors.find("fetch it") != std::string::npos, ended.errors);
    }
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_no_longer_named_is_no_longer_trusted)
{
    auto const authorities = at.files.path("authorities.pem");
    write_file(authorities, read_file(at.files.path("ca.pem")));
    auto careful = in_front(R"("ca_file": "authorities.pem")");
    BOOST_TEST(speak(careful) == 200U);
    authority stranger;
    stranger.write(authorities);
    careful.reload();
    await("the end of what was open", [&] { return speak(careful) == 502; });
}

BOOST_AUTO_TEST_CASE(connections_stay_warm_over_a_reload_that_changes_no_trust)
{
    revoke({});
    auto careful =
        in_front(std::string(with_list) + R"(, "warm": {"connections_min": 0, "connections_max": 0})");
    for (auto i = 0; i < 8; ++i)
        BOOST_TEST(speak(careful) == 200U);
    auto const before = api->state("full_handshakes") + api->state("resumed_handshakes");
    careful.reload();
    for (auto i = 0; i < 8; ++i)
        BOOST_TEST(speak(careful) == 200U);
    auto const handshakes = api->state("full_handshakes") + api->state("resumed_handshakes") - before;
    BOOST_TEST(handshakes <= 2U); // of a worker that had none open
}

BOOST_AUTO_TEST_CASE(another_key_than_the_pinned_is_502_and_learns_no_credential)
{
    auto wrong = in_front(pins(at.files.path("server.pem")));
    BOOST_TEST(speak(wrong) == 502U);
    auto minting = in_front(pins(at.files.path("server.pem")), "access_token");
    BOOST_TEST(speak(minting) == 503U);
    BOOST_TEST(api->requests().empty());
    BOOST_TEST(api->token_requests().empty());
    for (auto const& pinned : {here.path("api.pem"), at.files.path("ca.pem")}) {
        auto right = in_front(pins(pinned), "access_token");
        BOOST_TEST(speak(right) == 200U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
