#include "tests/bench/samples.hpp"

#include <array>
#include <charconv>

namespace bench {

namespace {

constexpr policy::grant_set all_grants{policy::grant::tts, policy::grant::stt, policy::grant::agent};

constexpr std::string_view speech_body =
    R"({"model_id":"sonic-3","transcript":"Good morning. How can I help you today?",)"
    R"("voice":{"mode":"id","id":"694f9389-aac1-45b6-b726-9d9369183238"},)"
    R"("output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":24000}})";

std::string answer(std::string_view type, std::string_view framing)
{
    return "HTTP/1.1 200 OK\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\nContent-Type: " + std::string(type) +
           "\r\nCartesia-Version: 2026-03-01\r\nCartesia-File-ID: file_6f1d2c3b\r\n"
           "X-Request-Id: 0c9a1f0e-6a3b-4a53-9a83-5a9c3a5f2b10\r\nCache-Control: no-store\r\nServer: "
           "api\r\n" +
           std::string(framing) + "\r\n\r\n";
}

} // namespace

std::shared_ptr<certs::key_set const> token_keys()
{
    certs::key_set keys;
    keys.push_back({"k1", certs::secret(std::string(certs::aead_key::key_bytes, 'k'))});
    return std::make_shared<certs::key_set const>(std::move(keys));
}

std::string sealed_token(policy::token_cipher const& cipher)
{
    policy::claims about;
    about.jti = "jti-0123456789abcdefgh";
    about.sid = "sid-0123456789abcdefgh";
    about.sub = "user_2f4c9a1e";
    about.grants = all_grants;
    about.issued_at = now - std::chrono::seconds(30);
    about.not_before = about.issued_at;
    about.expires_at = now + std::chrono::minutes(30);
    return policy::seal(about, cipher, policy::nonce{1, 2, 3}, now);
}

/// {"alg":"HS256","kid":"ssid_0123456789abcdefghijkl"} . {"grants":{"tts":true,"stt":true,"agent":true},
/// "jti":"2Bz7q0ZUDMAo","iat":1799999970,"iss":"https://api.cartesia.ai","exp":1800001800} . 32 bytes
std::string cartesia_token()
{
    return "eyJhbGciOiJIUzI1NiIsImtpZCI6InNzaWRfMDEyMzQ1Njc4OWFiY2RlZmdoaWprbCJ9."
           "eyJncmFudHMiOnsidHRzIjp0cnVlLCJzdHQiOnRydWUsImFnZW50Ijp0cnVlfSwianRpIjoiMkJ6N3EwWlVETUFvIiwiaWF0I"
           "jox"
           "Nzk5OTk5OTcwLCJpc3MiOiJodHRwczovL2FwaS5jYXJ0ZXNpYS5haSIsImV4cCI6MTgwMDAwMTgwMH0."
           "MDEyMzQ1Njc4OSBzaWduYXR1cmUgOTg3NjU0MzIxMCE";
}

std::string_view speech_request() noexcept { return speech_body; }

std::string browser_post(std::string_view token, std::size_t content_length)
{
    return "POST /tts/bytes HTTP/1.1\r\nHost: localhost:8443\r\nConnection: keep-alive\r\n"
           "Content-Length: " +
           std::to_string(content_length) +
           "\r\nContent-Type: application/json\r\nCartesia-Version: 2026-03-01\r\nAccept: */*\r\n"
           "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
           "Chrome/126.0.0.0 Safari/537.36\r\n"
           "Origin: https://localhost:8443\r\nReferer: https://localhost:8443/conversations/42\r\n"
           "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
           "Cookie: theme=dark; __Host-cartesia_token=" +
           std::string(token) + "\r\n\r\n";
}

std::string websocket_request(std::string_view token)
{
    return "GET /tts/websocket?cartesia_version=2026-03-01 HTTP/1.1\r\nHost: localhost:8443\r\n"
           "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUser-Agent: cartesia-js/2.2.9\r\n"
           "Authorization: Bearer " +
           std::string(token) + "\r\n\r\n";
}

std::string post(std::string_view path, std::string_view fields)
{
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost:8443\r\n" + std::string(fields) +
           "\r\n";
}

std::string answer_with_length(std::string_view type, std::size_t content_length)
{
    return answer(type, "Content-Length: " + std::to_string(content_length));
}

std::string answer_in_chunks(std::string_view type) { return answer(type, "Transfer-Encoding: chunked"); }

std::string websocket_answer()
{
    return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
}

std::string chunk(std::string_view payload)
{
    std::array<char, 16> size{};
    auto const end = std::to_chars(size.data(), size.data() + size.size(), payload.size(), 16).ptr;
    return std::string(size.data(), end).append("\r\n").append(payload).append("\r\n");
}

std::string speech_event(std::size_t payload_bytes)
{
    return R"(event: chunk)"
           "\n"
           R"(data: {"type":"chunk","done":false,"status_code":206,"data":")" +
           std::string(payload_bytes, 'A') + "\"}\n\n";
}

std::string text_frame(std::size_t payload_bytes, bool masked)
{
    constexpr std::string_view no_mask{"\0\0\0\0", 4}; // a payload under it looks the same
    constexpr std::size_t short_max = 125;
    unsigned const mask_bit = masked ? 0x80U : 0U;
    std::string out{'\x81'};
    if (payload_bytes > short_max) {
        out += static_cast<char>(mask_bit | 126U);
        out += static_cast<char>(payload_bytes >> 8U);
        out += static_cast<char>(payload_bytes & 0xffU);
    } else {
        out += static_cast<char>(mask_bit | payload_bytes);
    }
    if (masked) out += no_mask;
    return out.append(payload_bytes, 'a');
}

} // namespace bench
