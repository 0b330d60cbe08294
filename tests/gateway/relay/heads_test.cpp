#include "gateway/relay/heads.hpp"

#include "tests/gateway/relay/permit.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway;

namespace {

std::string forwarded(std::string const& text)
{
    test::court const judging;
    wire::request_head head;
    std::size_t scanned = 0;
    auto const read = wire::read_request_head(text, {}, scanned, head);
    BOOST_REQUIRE(read.state == wire::head_state::complete);
    auto const permit = judging.admit(head.method, head.target, head.websocket);
    relay::outgoing_request with;
    with.host = "api.example";
    with.bearer = "UPSTREAM";
    with.request_id = "id-1";
    with.client = "192.0.2.7";
    return relay::write_request_head(permit, head, with);
}

std::string answered(std::string const& text, relay::outgoing_response with)
{
    wire::response_head head;
    std::size_t scanned = 0;
    auto const read = wire::read_response_head(text, {}, false, scanned, head);
    BOOST_REQUIRE(read.state == wire::head_state::complete);
    std::string out;
    with.request_id = "ours";
    relay::append_response_head(out, head, with);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(heads)

BOOST_AUTO_TEST_CASE(a_request_goes_up_with_one_credential_and_no_hop_by_hop_field)
{
    auto const sent =
        forwarded("POST /tts/bytes?a=1&access_token=x&b=%20 HTTP/1.1\r\nHost: gw\r\nConnection: keep-alive, "
                  "X-Private\r\nX-Private: 1\r\n"
                  "Cookie: t=secret\r\nX-API-Key: k\r\nAuthorization: Bearer t\r\nKeep-Alive: 1\r\nTE: "
                  "trailers\r\nProxy-Authorization: x\r\n"
                  "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nVia: 1.0 evil\r\nX_User: "
                  "root\r\nX-Request-Id: theirs\r\n"
                  "Cartesia-Version: 2026-03-01\r\nUser-Agent: app\r\nContent-Length: 2\r\n\r\n");
    BOOST_TEST(
        sent == "POST /tts/bytes?a=1&b=%20 HTTP/1.1\r\nHost: api.example\r\nCartesia-Version: "
                "2026-03-01\r\nUser-Agent: app\r\n"
                "Content-Length: 2\r\nAuthorization: Bearer UPSTREAM\r\nX-Request-Id: "
                "id-1\r\nX-Forwarded-For: 192.0.2.7\r\n"
                "X-Forwarded-Proto: https\r\nVia: 1.1 voicegate\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(the_credential_that_went_up_is_ours_whatever_the_client_says)
{
    auto const sent =
        forwarded("POST /tts/bytes HTTP/1.1\r\nHost: gw\r\nX-Note: Authorization: Bearer FALSE\r\n"
                  "Authorization: Bearer CLIENT\r\nContent-Length: 40\r\n\r\n");
    BOOST_REQUIRE(sent.find("X-Note: Authorization: Bearer FALSE\r\n") != std::string::npos);
    BOOST_TEST(relay::credential_in(sent) == "UPSTREAM");
    BOOST_TEST(relay::credential_in(sent + "\r\nAuthorization: Bearer BODY\r\n") == "UPSTREAM");
}

BOOST_AUTO_TEST_CASE(a_handshake_goes_up_without_the_offer_to_compress)
{
    auto const sent = forwarded("GET /tts/websocket HTTP/1.1\r\nHost: gw\r\nConnection: Upgrade\r\nUpgrade: "
                                "websocket\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: "
                                "permessage-deflate\r\n\r\n");
    BOOST_TEST(sent.find("Sec-WebSocket-Extensions") == std::string::npos);
    BOOST_TEST(sent.find("Connection: Upgrade\r\nUpgrade: websocket\r\n") != std::string::npos);
    BOOST_TEST(sent.find("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(chunked_and_expectation_are_written_anew)
{
    auto const sent = forwarded("POST /stt HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\nExpect: "
                                "100-continue\r\nTrailer: X\r\n\r\n");
    BOOST_TEST(sent.find("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n") != std::string::npos);
    BOOST_TEST(sent.find("Trailer") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_response_comes_down_without_cookies_and_with_framing_written_anew)
{
    relay::outgoing_response with;
    with.body = relay::client_framing::chunked;
    with.hsts_max_age = std::chrono::seconds(60);
    auto const sent = answered(
        "HTTP/1.1 200 \r\nContent-Type: audio/wav\r\nSet-Cookie: a=b\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
        "Transfer-Encoding: chunked\r\nStrict-Transport-Security: max-age=1\r\nCartesia-File-ID: f\r\n\r\n",
        with);
    BOOST_TEST(
        sent == "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nCartesia-File-ID: f\r\nVia: 1.1 "
                "voicegate\r\nX-Request-Id: ours\r\n"
                "Strict-Transport-Security: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(who_may_read_a_response_is_not_the_upstreams_word)
{
    constexpr auto told = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nVary: Accept\r\n"
                          "access-control-expose-headers: X\r\nContent-Length: 0\r\n\r\n";
    auto const plain = answered(told, {});
    BOOST_TEST(
        plain == "HTTP/1.1 200 OK\r\nVary: Accept\r\nVia: 1.1 voicegate\r\nX-Request-Id: ours\r\n"
                 "Content-Length: 0\r\n\r\n");
    relay::outgoing_response with;
    with.cross_origin = "Access-Control-Allow-Origin: https://a\r\nVary: Origin\r\n";
    auto const sent = answered(told, with);
    BOOST_TEST(sent.find("Vary: Accept\r\n") != std::string::npos);
    BOOST_TEST(sent.find("Access-Control-Allow-Origin: https://a\r\nVary: Origin\r\n") != std::string::npos);
    BOOST_TEST(sent.find('*') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_upstreams_own_request_id_passes_alone)
{
    relay::outgoing_response with;
    with.keep_alive = false;
    auto const sent = answered("HTTP/1.1 204 No Content\r\nX-Request-Id: theirs\r\n\r\n", with);
    BOOST_TEST(sent.find("X-Request-Id: theirs\r\n") != std::string::npos);
    BOOST_TEST(sent.find("ours") == std::string::npos);
    BOOST_TEST(sent.find("Connection: close\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_304_still_tells_the_length_it_would_have)
{
    auto const sent = answered("HTTP/1.1 304 Not Modified\r\nContent-Length: 42\r\n\r\n", {});
    BOOST_TEST(sent.find("Content-Length: 42\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
