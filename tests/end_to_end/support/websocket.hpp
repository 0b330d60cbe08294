/// WebSocket frames with any header bits, good and bad (RFC 6455 §5.2).
#pragma once
#include "tests/end_to_end/support/http.hpp"

namespace e2e {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct frame {
    opcode code = opcode::text;
    std::string payload;
    bool fin = true;
    bool masked = true;
    std::uint8_t reserved = 0; ///< RSV bits, 0 to 7
    enum class length : std::uint8_t { shortest, two_bytes, eight_bytes } length_in = length::shortest;

    [[nodiscard]] unsigned close_code() const; ///< 1005 when there is none
    [[nodiscard]] std::string close_reason() const;
};

[[nodiscard]] std::string write(frame const& what);
[[nodiscard]] std::string text_frame(std::string_view payload);
[[nodiscard]] std::string close_frame(unsigned code, std::string_view reason = {});
/// The header of a masked frame whose payload comes later; mask 0, so that payload is sent as it is.
[[nodiscard]] std::string frame_header(opcode code, std::uint64_t size, bool fin = true);

/// The handshake that browsers send, with permessage-deflate offered as they do.
[[nodiscard]] std::string handshake(std::string_view target, fields const& more = {});
inline constexpr std::string_view handshake_key = "dGhlIHNhbXBsZSBub25jZQ==";
inline constexpr std::string_view handshake_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Reads one frame as it is. Throws when the stream ends first, or when a server masks.
[[nodiscard]] frame read_frame(client& from);
/// Reads on until a Close comes.
[[nodiscard]] frame read_close(client& from);

/// Connects, shakes hands and checks the 101.
[[nodiscard]] client open_websocket(
    std::uint16_t port, std::string_view target, fields const& more = {}, client_options const& options = {});

} // namespace e2e
