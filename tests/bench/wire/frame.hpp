/// WebSocket frames (RFC 6455 §5.2), unfragmented.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bench {

enum class opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct frame {
    opcode kind;
    std::span<char> payload; ///< unmasked, in place
    std::size_t bytes;       ///< of the whole frame
};

/// The frame that `bytes` begin with; nothing while it is incomplete.
[[nodiscard]] std::optional<frame> read_frame(std::span<char> bytes);

void append_frame(std::string& to, opcode kind, std::string_view payload);
/// As clients must send them.
void append_masked_frame(std::string& to, opcode kind, std::string_view payload);

} // namespace bench
