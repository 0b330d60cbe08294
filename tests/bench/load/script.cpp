#include "tests/bench/load/script.hpp"

#include "tests/bench/wire/frame.hpp"

namespace bench::load {

namespace {

std::string json_body(std::size_t bytes)
{
    constexpr std::string_view words = "the quick brown fox ";
    std::string out = R"({"model_id":"sonic-2","transcript":")";
    while (out.size() + 2 < bytes)
        out += words[out.size() % words.size()];
    return out + "\"}";
}

std::string cookie_line(std::string const& token)
{
    return token.empty() ? token : "Cookie: cartesia_token=" + token + "\r\n";
}

std::string post(options const& given)
{
    auto const body = json_body(given.body_bytes);
    return "POST " + given.path + " HTTP/1.1\r\nHost: " + host +
           "\r\n"
           "Content-Type: application/json\r\n"
           "Accept: */*\r\n"
           "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
           "Chrome/126.0.0.0 Safari/537.36\r\n"
           "Origin: https://gateway.test\r\n"
           "Cartesia-Version: 2025-04-16\r\n" +
           cookie_line(given.cookie) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string handshake(options const& given)
{
    return "GET " + given.path + " HTTP/1.1\r\nHost: " + host +
           "\r\n"
           "Upgrade: websocket\r\n"
           "Connection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Origin: https://gateway.test\r\n" +
           cookie_line(given.cookie) + "\r\n";
}

std::string message_text(options const& given)
{
    if (given.kind == work::push) // which the origin understands
        return "push " + std::to_string(given.push_messages) + " " + std::to_string(given.push_bytes);
    std::string out;
    while (out.size() < given.message_bytes)
        out += static_cast<char>('a' + out.size() % 26);
    return out;
}

} // namespace

script::script(options const& given) : request(post(given)), upgrade(handshake(given))
{
    append_masked_frame(message, opcode::text, message_text(given));
}

} // namespace bench::load
