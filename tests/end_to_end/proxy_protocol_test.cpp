// The PROXY protocol: whom the header of a listed proxy names is the client, and nobody else has one.
#include "tests/end_to_end/support/log_lines.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>

using namespace e2e;
using namespace std::string_literals;
namespace data = boost::unit_test::data;

namespace {

/// A header of version 2: from 192.0.2.`last`, by default with the command PROXY.
std::string binary(char last, char command = '\x21', std::string const& tlvs = {})
{
    auto const size = static_cast<char>(12 + tlvs.size());
    auto const addresses = "\xc0\0\2"s + last + "\x7f\0\0\1\xdd\xd5\1\xbb"s;
    return "\r\n\r\n\0\r\nQUIT\n"s + command + "\x11\0"s + size + addresses + tlvs;
}

std::string line(std::string const& source)
{
    auto const is_v6 = source.find(':') != std::string::npos;
    auto const destination = is_v6 ? " ::1"s : " 127.0.0.1"s;
    return "PROXY " + (is_v6 ? "TCP6 "s : "TCP4 "s) + source + destination + " 56789 443\r\n";
}

/// A proxy that sends these bytes ahead.
client_options proxy(std::string in_front, bool tls = true)
{
    client_options out;
    out.from = "127.0.0.2";
    out.in_front = std::move(in_front);
    out.tls = tls;
    return out;
}

struct announced_scene : scene {
    /// A gateway before which 127.0.0.2 speaks the PROXY protocol.
    [[nodiscard]] gateway hearing(std::string_view limits = "{}") const
    {
        return at.another(
            R"({"listen": {"proxies": ["127.0.0.2", "198.51.100.0/24"], "proxy_protocol": true}, "limits": )" +
            std::string(limits) + "}");
    }
};

answer who_am_i(gateway const& at, client_options const& as, fields const& more = {})
{
    return ask(at.port(), request("GET", "/session", more), as);
}

struct row {
    std::string header;
    std::string client;
};

std::ostream& operator<<(std::ostream& out, row const& r) { return out << r.client; }

std::vector<row> const headers{
    {line("192.0.2.7"), "192.0.2.7"},
    {line("2001:db8::7"), "2001:db8::7"},
    {line("::ffff:192.0.2.7"), "192.0.2.7"},
    {binary('\x07'), "192.0.2.7"},
    {binary('\x07', '\x21', "\x04\0\3abc\x03\0\4nope"s), "192.0.2.7"},
    {binary('\x07', '\x20'), "127.0.0.2"}, // LOCAL
    {"PROXY UNKNOWN\r\n", "127.0.0.2"},
    {"PROXY UNKNOWN 192.0.2.7 127.0.0.1 1 2\r\n", "127.0.0.2"},
};

std::vector<std::string> const no_headers{
    "PROXY TCP4 192.0.2.7 127.0.0.1 56789\r\n",
    "PROXY TCP4 192.0.2.007 127.0.0.1 56789 443\r\n",
    "PROXY TCP4 192.0.2.7 127.0.0.1 56789 443\n",
    "PROXY UNKNOWN " + std::string(200, 'x'),
    binary('\x07', '\x31'),
    binary('\x07', '\x22'),
    "GET / HTTP/1.1\r\n\r\n",
    "", // TLS at once
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(proxy_protocol, announced_scene)

BOOST_DATA_TEST_CASE(whom_the_header_names_is_the_client, data::make(headers), r)
{
    auto hearer = hearing();
    auto const got = who_am_i(hearer, proxy(r.header));
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(logged_client(hearer, got) == r.client);
    // The header is the word that counts: what came behind it may be anybody's.
    fields const of_anybody{{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-Proto", "http"}};
    auto const lie = who_am_i(hearer, proxy(r.header), of_anybody);
    BOOST_TEST(lie.status == 401U);
    BOOST_TEST(logged_client(hearer, lie) == r.client);
    BOOST_TEST(hearer.metric("voicegate_proxy_headers_refused_total") == 0U);
}

BOOST_AUTO_TEST_CASE(a_proxy_behind_the_first_speaks_for_its_clients)
{
    auto hearer = hearing();
    auto const got =
        who_am_i(hearer, proxy(line("198.51.100.9")), {{"X-Forwarded-For", "6.6.6.6, 192.0.2.7"}});
    BOOST_TEST(logged_client(hearer, got) == "192.0.2.7");
}

BOOST_AUTO_TEST_CASE(a_header_and_a_hello_may_come_as_one)
{
    auto hearer = hearing();
    for (auto const& header : {line("192.0.2.7"), binary('\x07', '\x21', std::string(50, '\0'))}) {
        client one(hearer.port(), proxy({}, false));
        one.send(header + client_hello());
        BOOST_TEST_REQUIRE(one.receive());
        BOOST_TEST(one.inbox.starts_with("\x16\x03")); // the server's hello
    }
}

BOOST_AUTO_TEST_CASE(without_a_good_header_the_connection_is_closed)
{
    auto hearer = hearing();
    for (auto const& header : no_headers)
        BOOST_CHECK_THROW(client one(hearer.port(), proxy(header)), handshake_failed);
    BOOST_TEST(hearer.metric("voicegate_proxy_headers_refused_total") == no_headers.size());
    BOOST_TEST(who_am_i(hearer, proxy(line("192.0.2.7"))).status == 401U);
}

BOOST_AUTO_TEST_CASE(a_header_has_the_handshakes_time)
{
    auto hasty = hearing(R"({"handshake": "300ms"})");
    for (auto const* begun : {"", "PROXY TCP4 192.0.2.7", "\r\n\r\n"}) {
        client one(hasty.port(), proxy(begun, false));
        one.receive_to_end();
        BOOST_TEST((one.how_ended() != ending::none));
        BOOST_TEST(one.inbox.empty());
    }
    BOOST_TEST(hasty.metric("voicegate_proxy_headers_refused_total") == 3U);
    client half(hasty.port(), proxy(line("192.0.2.7"), false)); // which is the hello's time, too
    half.receive_to_end();
}

BOOST_AUTO_TEST_CASE(who_only_looks_is_not_counted_as_flawed)
{
    auto hearer = hearing();
    client look(hearer.port(), proxy({}, false));
    await("a connection", [&] { return hearer.metric("voicegate_connections_open") == 1; });
    look.close();
    await("its end", [&] { return hearer.metric("voicegate_connections_open") == 0; });
    BOOST_TEST(hearer.metric("voicegate_proxy_headers_refused_total") == 0U);
}

BOOST_AUTO_TEST_CASE(the_header_of_another_peer_is_no_tls)
{
    auto hearer = hearing();
    client_options nobody;
    BOOST_TEST(logged_client(hearer, who_am_i(hearer, nobody)) == "127.0.0.1"); // it needs none
    for (auto const& header : {line("192.0.2.7"), binary('\x07')}) {
        nobody.in_front = header;
        BOOST_CHECK_THROW(client one(hearer.port(), nobody), handshake_failed);
    }
    BOOST_TEST(hearer.metric("voicegate_proxy_headers_refused_total") == 0U);
    BOOST_TEST(hearer.access_log().find("192.0.2.7") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(connections_are_counted_for_whom_the_header_names)
{
    auto few = hearing(R"({"connections_per_address": 1})");
    std::optional<client> first(std::in_place, few.port(), proxy(line("192.0.2.7")));
    BOOST_CHECK_THROW(client one_more(few.port(), proxy(binary('\x07'))), handshake_failed);
    BOOST_TEST(few.metric("voicegate_connections_refused_by_address_total") == 1U);
    client other(few.port(), proxy(line("192.0.2.8")));
    client own(few.port(), proxy("PROXY UNKNOWN\r\n"));
    client own_too(few.port(), proxy("PROXY UNKNOWN\r\n"));
    first.reset();
    await("a free place", [&] {
        try {
            return who_am_i(few, proxy(line("192.0.2.7"))).status == 401;
        } catch (handshake_failed const&) {
            return false;
        }
    });
}

BOOST_AUTO_TEST_CASE(failures_are_counted_for_whom_the_header_names)
{
    auto strict = hearing(R"({"failures": 2, "failure_refill": "1h"})");
    auto const text = request("POST", "/tts/bytes", {bearer("nonsense")}, "{}");
    auto const guess = [&](std::string const& header) {
        return ask(strict.port(), text, proxy(header)).status;
    };
    BOOST_TEST(guess(line("192.0.2.7")) == 401U);
    BOOST_TEST(guess(binary('\x07')) == 401U);
    BOOST_TEST(guess(line("192.0.2.7")) == 429U);
    BOOST_TEST(guess(line("192.0.2.8")) == 401U);
}

BOOST_DATA_TEST_CASE(
    plain_http_behind_a_header_is_refused_and_its_token_burnt, data::make({false, true}), tls_port)
{
    auto hearer = hearing();
    auto const own = hearer.mint("tts");
    auto const port = tls_port ? hearer.port() : hearer.plain_port();
    auto const got =
        ask(port, request("POST", "/tts/bytes", {cookie(own)}, "{}"), proxy(line("192.0.2.7"), false));
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(logged_client(hearer, got) == "192.0.2.7");
    BOOST_TEST(ask(hearer.port(), request("GET", "/session", {cookie(own)})).status == 401U);
    BOOST_TEST(hearer.metric("voicegate_tokens_burnt_total") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
