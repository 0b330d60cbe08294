#include "gateway/relay/socket_shape.hpp"

#include "gateway/relay/heads.hpp"
#include "tests/gateway/relay/permit.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway;

namespace {

std::string handshake(std::string const& target, std::string const& more = {})
{
    return "GET " + target +
           " HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           more + "\r\n";
}

std::optional<upstream::socket_shape> shape(std::string const& text)
{
    test::court const judging;
    wire::request_head head;
    std::size_t scanned = 0;
    BOOST_REQUIRE((wire::read_request_head(text, {}, scanned, head).state == wire::head_state::complete));
    auto const permit = judging.admit(head.method, head.target, head.websocket);
    return relay::shape_of(permit, head, "api.example");
}

std::string const plain = handshake("/tts/websocket?v=1");

} // namespace

BOOST_AUTO_TEST_SUITE(socket_shapes)

BOOST_AUTO_TEST_CASE(it_holds_what_goes_upstream_and_nothing_of_the_client)
{
    BOOST_TEST(
        shape(handshake(
                  "/tts/websocket?v=1&access_token=SECRET&w=2",
                  "Cookie: a=SECRET\r\nAuthorization: Bearer SECRET\r\nX-API-Key: SECRET\r\n"
                  "X-Forwarded-For: 192.0.2.1\r\nUser-Agent: x\r\nOrigin: https://a.example\r\n"
                  "Sec-WebSocket-Extensions: permessage-deflate\r\nCartesia-Version: 2026-03-01\r\n"))
            ->head ==
        "GET /tts/websocket?v=1&w=2 HTTP/1.1\r\nHost: api.example\r\nSec-WebSocket-Version: 13\r\n"
        "Origin: https://a.example\r\nCartesia-Version: 2026-03-01\r\n");
}

BOOST_AUTO_TEST_CASE(the_clients_software_makes_no_difference)
{
    for (auto const* more :
         {"User-Agent: a\r\n",
          "Accept: */*\r\nAccept-Language: de\r\nAccept-Encoding: gzip\r\n",
          "Sec-Fetch-Mode: websocket\r\nSec-CH-UA: x\r\n",
          "Pragma: no-cache\r\nCache-Control: no-cache\r\n"})
        BOOST_TEST((shape(handshake("/tts/websocket?v=1", more)) == shape(plain)), more);
}

BOOST_AUTO_TEST_CASE(everything_else_does)
{
    BOOST_TEST((shape(handshake("/tts/websocket?v=2")) != shape(plain)));
    BOOST_TEST((shape(handshake("/tts/websocket")) != shape(plain)));
    for (auto const* more :
         {"Cartesia-Version: 2026-03-01\r\n",
          "Origin: https://a.example\r\n",
          "X-Other: 1\r\n",
          "Accept-More: 1\r\n"})
        BOOST_TEST((shape(handshake("/tts/websocket?v=1", more)) != shape(plain)), more);
}

BOOST_AUTO_TEST_CASE(only_speech_without_a_subprotocol_has_one)
{
    BOOST_TEST(shape(plain).has_value());
    BOOST_TEST(!shape(handshake("/stt/websocket?v=1")));
    BOOST_TEST(!shape(handshake("/agents/stream/a1")));
    BOOST_TEST(!shape(handshake("/tts/websocket?v=1", "Sec-WebSocket-Protocol: chat\r\n")));
    BOOST_TEST(!shape("POST /tts/bytes HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(the_opening_handshake_is_a_good_one)
{
    auto const text = relay::opening_handshake(*shape(plain), "AAAAAAAAAAAAAAAAAAAAAA==", "UPSTREAM");
    wire::request_head head;
    std::size_t scanned = 0;
    auto const read = wire::read_request_head(text, {}, scanned, head);
    BOOST_TEST((read.state == wire::head_state::complete));
    BOOST_TEST(read.bytes == text.size());
    BOOST_TEST(head.websocket);
    BOOST_TEST(head.websocket_key == "AAAAAAAAAAAAAAAAAAAAAA==");
    BOOST_TEST(head.fields.find(field_name::authorization)->value == "Bearer UPSTREAM");
}

BOOST_AUTO_TEST_CASE(the_101_of_a_held_socket_answers_the_client)
{
    std::string const text =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: theirs\r\nX-Request-Id: theirs\r\nDate: then\r\n"
        "Set-Cookie: a=b\r\nCartesia-Request-Id: kept\r\n\r\n";
    wire::response_head head;
    std::size_t scanned = 0;
    BOOST_REQUIRE(
        (wire::read_response_head(text, {}, false, scanned, head).state == wire::head_state::complete));
    std::string out;
    relay::append_handed_over(out, head, "answer", "ours", std::chrono::seconds{0});
    BOOST_TEST(
        out == "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
               "Sec-WebSocket-Accept: answer\r\nCartesia-Request-Id: kept\r\nVia: 1.1 voicegate\r\n"
               "X-Request-Id: ours\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
