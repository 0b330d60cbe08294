#pragma once
#include "gateway/wire/frame.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace gateway::wire {

using masking_key = std::array<std::uint8_t, 4>;

struct close_reading {
    close_code code = close_code::none; ///< 1005 when the frame has none
    std::optional<close_code> flaw;     ///< what is wrong with it: 1002, or 1007 when the reason is not UTF-8
};

/// Reads the payload of a Close frame (RFC 6455 §5.5.1, §7.4), at most 125 bytes. `mask` is all 0 when there
/// is none.
[[nodiscard]] close_reading read_close(std::span<char const> payload, masking_key mask) noexcept;

} // namespace gateway::wire
