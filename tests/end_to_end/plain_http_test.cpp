// What comes in clear is refused on either port, its body unread, and its token burnt.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

client_options in_clear()
{
    client_options out;
    out.tls = false;
    return out;
}

std::string base64url(std::string_view bytes)
{
    std::string out(4 * ((bytes.size() + 2) / 3), '\0');
    auto const* const in = reinterpret_cast<unsigned char const*>(bytes.data());
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(bytes.size()));
    out.erase(std::min(out.find('='), out.size()));
    for (auto& c : out)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
}

/// What anyone can write: in Cartesia's form, good for years, signed by nobody.
std::string forged_cartesia_token(std::string const& id)
{
    auto const now = std::time(nullptr);
    return base64url(R"({"alg":"HS256","kid":"ssid_0123456789abcdefghijkl"})") + "." +
           base64url(
               R"({"grants":{"tts":true},"jti":")" + id + R"(","iat":)" + std::to_string(now) +
               R"(,"iss":"https://api.cartesia.ai","exp":)" + std::to_string(now + 300'000'000) + "}") +
           "." + base64url(std::string(32, 's'));
}

struct answering_scene : scene {
    answering_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }
    [[nodiscard]] std::uint16_t port_of(bool tls_port) const
    {
        return tls_port ? gate.port() : gate.plain_port();
    }
    [[nodiscard]] unsigned over_tls(field const& credential) const
    {
        return ask(gate.port(), request("POST", "/tts/bytes", {credential}, "{}")).status;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(plain_http, answering_scene)

BOOST_DATA_TEST_CASE(is_told_to_use_https_and_closed, data::make({false, true}), tls_port)
{
    for (auto const* method : {"GET", "POST", "OPTIONS"}) {
        client one(port_of(tls_port), in_clear());
        one.send(request(
            method,
            "/tts/bytes",
            {
                {"Cartesia-Version", "2026-03-01"}
        }));
        auto const got = read_answer(one);
        BOOST_TEST(got.status == 403U);
        BOOST_TEST(got.body.find("HTTPS") != std::string::npos);
        BOOST_TEST(got.value("connection") == "close");
        BOOST_TEST(!got.has("location"));
        BOOST_TEST(!got.has("strict-transport-security")); // RFC 6797 §7.2: not over plain HTTP
        one.receive_to_end();
        BOOST_TEST((one.how_ended() != ending::none));
    }
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE(does_not_wait_for_the_body, data::make({false, true}), tls_port)
{
    client one(port_of(tls_port), in_clear());
    one.send(request(
        "POST",
        "/tts/bytes",
        {
            {"Content-Length", "1000000"     },
            {"Expect",         "100-continue"}
    }));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(got.informational.empty());
    one.receive_to_end();
}

BOOST_DATA_TEST_CASE(serves_no_second_request, data::make({false, true}), tls_port)
{
    client one(port_of(tls_port), in_clear());
    one.send(request("GET", "/tts/bytes") + request("GET", "/tts/bytes"));
    (void)read_answer(one);
    one.receive_to_end();
    BOOST_TEST(one.inbox.empty());
}

BOOST_DATA_TEST_CASE(
    burns_the_token_that_it_carried,
    data::make({false, true}) * data::make({"cookie", "bearer", "key"}),
    tls_port,
    place)
{
    auto const own = gate.mint("tts");
    auto const as = std::string_view(place) == "cookie"   ? cookie(own)
                    : std::string_view(place) == "bearer" ? bearer(own)
                                                          : field{"X-API-Key", own};
    BOOST_TEST(over_tls(as) == 200U);
    field const whoever_made_the_browser_send_it{"Origin", "https://evil.test"};
    auto const sent = request("POST", "/tts/bytes", {as, whoever_made_the_browser_send_it}, "{}");
    BOOST_TEST(ask(port_of(tls_port), sent, in_clear()).status == 403U);
    for (auto i = 0; i < 4; ++i)
        BOOST_TEST(over_tls(bearer(own)) == 401U);
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_DATA_TEST_CASE(burns_a_query_token_too, data::make({false, true}), tls_port)
{
    auto const own = gate.mint("tts");
    auto const text = handshake("/tts/websocket?access_token=" + own);
    BOOST_TEST(ask(port_of(tls_port), text, in_clear()).status == 403U);
    BOOST_TEST(over_tls(bearer(own)) == 401U);
}

BOOST_AUTO_TEST_CASE(burns_each_of_two_tokens)
{
    auto const first = gate.mint("tts");
    auto const second = gate.mint("tts");
    (void)ask(gate.plain_port(), request("POST", "/x", {cookie(first), bearer(second)}), in_clear());
    BOOST_TEST(over_tls(bearer(first)) == 401U);
    BOOST_TEST(over_tls(bearer(second)) == 401U);
}

BOOST_AUTO_TEST_CASE(burns_a_cartesia_token_by_its_text_not_by_the_id_that_it_claims)
{
    auto const own = upstream.mint(R"({"tts":true})");
    upstream.clear();
    (void)ask(gate.plain_port(), request("POST", "/tts/bytes", {bearer(own)}), in_clear());
    BOOST_TEST(over_tls(bearer(own)) == 401U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(what_a_forger_sends_pushes_out_no_revocation)
{
    auto small = at.another(R"({"tokens": {"revocations_max": 16}})");
    auto const revoked = small.mint("tts");
    (void)ask(small.port(), request("DELETE", "/session", {cookie(revoked)}));
    BOOST_TEST(ask(small.port(), request("POST", "/tts/bytes", {cookie(revoked)}, "{}")).status == 401U);
    for (auto i = 0; i < 40; ++i) {
        auto const forged = forged_cartesia_token("forged-" + std::to_string(i));
        BOOST_TEST(
            ask(small.plain_port(), request("POST", "/tts/bytes", {bearer(forged)}), in_clear()).status ==
            403U);
        (void)ask(small.port(), request("DELETE", "/session", {bearer(forged)}));
    }
    BOOST_TEST(ask(small.port(), request("POST", "/tts/bytes", {cookie(revoked)}, "{}")).status == 401U);
}

BOOST_AUTO_TEST_CASE(leaves_other_tokens_alone)
{
    auto const own = gate.mint("tts");
    (void)ask(gate.plain_port(), request("POST", "/tts/bytes", {bearer("nonsense")}), in_clear());
    BOOST_TEST(over_tls(bearer(own)) == 200U);
}

BOOST_DATA_TEST_CASE(garbage_is_refused_or_closed, data::make({false, true}), tls_port)
{
    for (auto const* garbage :
         {"SSH-2.0-OpenSSH_9.2\r\n\r\n",
          "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n",
          "\n\n\n\n"}) {
        client one(port_of(tls_port), in_clear());
        one.send(garbage);
        one.receive_to_end();
        BOOST_TEST((one.inbox.empty() || one.inbox.starts_with("HTTP/1.1 4")));
    }
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
