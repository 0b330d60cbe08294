#pragma once
#include "gateway/base/token_cipher.hpp"
#include "policy/token.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// What the benchmarks carry: requests as browsers and SDKs send them, answers as the API gives them. All of
/// it is fixed, so that two runs do the same work.
namespace bench {

/// The moment at which everything is judged; the sample tokens are good then.
inline constexpr policy::seconds_since_epoch now{std::chrono::seconds(1'800'000'000)};

[[nodiscard]] std::shared_ptr<certs::key_set const> token_keys();

/// A token of ordinary length, with all grants.
[[nodiscard]] std::string sealed_token(policy::token_cipher const& cipher);
[[nodiscard]] std::string cartesia_token();

/// The body of a speech request, 206 bytes.
[[nodiscard]] std::string_view speech_request() noexcept;

/// How a browser asks for speech: about 640 bytes in 12 fields besides the cookie's token, without the body.
[[nodiscard]] std::string browser_post(std::string_view token, std::size_t content_length);
/// How an SDK opens a WebSocket.
[[nodiscard]] std::string websocket_request(std::string_view token);
/// A POST with these fields besides `Host`; each line ends in CRLF.
[[nodiscard]] std::string post(std::string_view path, std::string_view fields);

/// The API's answers, as far as their heads.
[[nodiscard]] std::string answer_with_length(std::string_view type, std::size_t content_length);
[[nodiscard]] std::string answer_in_chunks(std::string_view type);
[[nodiscard]] std::string websocket_answer();

[[nodiscard]] std::string chunk(std::string_view payload);
/// One event of a speech stream, with `payload_bytes` of audio in it.
[[nodiscard]] std::string speech_event(std::size_t payload_bytes);
/// A whole text frame; masked when it is a client's.
[[nodiscard]] std::string text_frame(std::size_t payload_bytes, bool masked);

} // namespace bench
