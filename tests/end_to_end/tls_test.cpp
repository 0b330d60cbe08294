// TLS towards clients: versions, ALPN, certificates by name, resumption.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace e2e;

namespace {

client_options version(int only)
{
    client_options out;
    out.version_min = only;
    out.version_max = only;
    return out;
}

std::string failure(std::uint16_t port, client_options const& how)
{
    try {
        client const one(port, how);
    } catch (handshake_failed const& why) {
        return why.what();
    }
    return {};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls, scene)

BOOST_AUTO_TEST_CASE(versions_1_2_and_1_3_are_served_and_verified)
{
    for (auto const one : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto how = version(one);
        how.ca_file = at.files.path("ca.pem");
        client opened(gate.port(), how);
        BOOST_TEST(opened.version() == one);
        opened.send(request("GET", "/nowhere"));
        BOOST_TEST(read_answer(opened).status == 404U);
    }
}

BOOST_AUTO_TEST_CASE(older_versions_are_refused)
{
    for (auto const one : {TLS1_VERSION, TLS1_1_VERSION})
        BOOST_TEST(failure(gate.port(), version(one)).find("protocol version") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(alpn_speaks_http_1_1)
{
    client_options how;
    how.alpn = std::string("\x02h2\x08http/1.1");
    BOOST_TEST(client(gate.port(), how).protocol() == "http/1.1");
    BOOST_TEST(client(gate.port()).protocol().empty()); // who offers nothing is served as well
}

BOOST_AUTO_TEST_CASE(who_speaks_only_h2_is_told_so_by_an_alert)
{
    client_options how;
    how.alpn = std::string("\x02h2");
    BOOST_TEST(failure(gate.port(), how).find("no application protocol") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(why_a_handshake_failed_is_counted)
{
    auto const count = [&](std::string const& cause) {
        return gate.metric("voicegate_tls_handshake_failures_total{cause=\"" + cause + "\"}");
    };
    auto const expect_one_more = [&](std::string const& cause, auto fail) {
        auto const before = count(cause);
        fail();
        await(cause, [&] { return count(cause) == before + 1; });
    };
    expect_one_more("no_agreement", [&] { (void)failure(gate.port(), version(TLS1_1_VERSION)); });
    expect_one_more("alert", [&] {
        client_options looks_for_another;
        looks_for_another.ca_file = at.files.path("ca.pem");
        looks_for_another.server_name = "another.example";
        (void)failure(gate.port(), looks_for_another);
    });
    client_options raw;
    raw.tls = false;
    expect_one_more("not_tls", [&] {
        client one(gate.port(), raw);
        one.send(std::string("\x16\x0a\x0a\x00\x05hello", 10));
        one.receive_to_end();
    });
    expect_one_more("left", [&] { client(gate.port(), raw).send(std::string("\x16\x03\x01\x00\x05", 5)); });
}

BOOST_AUTO_TEST_CASE(a_session_is_resumed_on_another_connection)
{
    for (auto const one : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto how = version(one);
        client first(gate.port(), how);
        BOOST_TEST(!first.resumed());
        first.send(request("GET", "/nowhere"));
        (void)read_answer(first);
        auto const ticket = first.session();
        first.close();
        for (auto i = 0; i < 4; ++i) { // whichever worker takes the connection
            how.resume = ticket;
            client next(gate.port(), how);
            BOOST_TEST(next.resumed());
            next.send(request("GET", "/nowhere"));
            BOOST_TEST(read_answer(next).status == 404U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_ticket_of_another_gateway_is_no_harm)
{
    auto other = at.another("{}");
    client first(other.port());
    first.send(request("GET", "/nowhere"));
    (void)read_answer(first);
    client_options how;
    how.resume = first.session();
    client next(gate.port(), how);
    BOOST_TEST(!next.resumed());
    next.send(request("GET", "/nowhere"));
    BOOST_TEST(read_answer(next).status == 404U);
}

BOOST_AUTO_TEST_CASE(the_certificate_is_chosen_by_name_and_key)
{
    at.ca.issue({.name = "voice.example"}, at.files.path("voice.pem"), at.files.path("voice.key"));
    at.ca.issue({.name = "localhost", .rsa = true}, at.files.path("rsa.pem"), at.files.path("rsa.key"));
    auto several = at.another(R"({"tls": {"certificates": [
        {"chain": "server.pem", "key": "server.key"}, {"chain": "rsa.pem", "key": "rsa.key"}, {"chain": "voice.pem", "key": "voice.key"}]}})");
    client_options how;
    how.ca_file = at.files.path("ca.pem");
    how.server_name = "voice.example";
    BOOST_TEST(client(several.port(), how).certificate_name() == "voice.example");
    how.server_name = "localhost";
    BOOST_TEST(client(several.port(), how).certificate_name() == "localhost");
    BOOST_TEST(client(several.port(), how).certificate_key() == "EC");
    how.version_max = TLS1_2_VERSION;
    how.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    BOOST_TEST(client(several.port(), how).certificate_key() == "RSA");
    client_options nameless;
    nameless.server_name.clear();
    BOOST_TEST(client(several.port(), nameless).certificate_name() == "localhost");
}

BOOST_AUTO_TEST_CASE(a_clean_end_of_the_clients_stream_is_answered_with_a_clean_end)
{
    client one(gate.port());
    one.send(request("GET", "/nowhere"));
    (void)read_answer(one);
    one.close_notify();
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
}

BOOST_AUTO_TEST_CASE(records_of_one_byte_are_understood)
{
    client one(gate.port());
    for (auto const c : request("GET", "/nowhere"))
        one.send({&c, 1});
    BOOST_TEST(read_answer(one).status == 404U);
}

BOOST_AUTO_TEST_CASE(garbage_instead_of_a_handshake_is_closed)
{
    client_options raw;
    raw.tls = false;
    client one(gate.port(), raw);
    one.send(std::string("\x16\x03\x01\x00\x05hello", 10));
    one.receive_to_end();
    BOOST_TEST(one.inbox.find("HTTP") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
