#pragma once
#include "gateway/wire/body.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace gateway::relay {

/// Makes one chunk of `payload`, in place, and the last chunk behind it when the body ends here. Uses the
/// room that `scratch` keeps around its window.
[[nodiscard]] inline std::span<char> chunk_in_place(std::span<char> payload, bool ends) noexcept
{
    auto* begin = payload.data();
    auto* end = begin + payload.size();
    if (!payload.empty()) {
        begin -= wire::write_chunk_line_before(begin, payload.size());
        end = std::ranges::copy(wire::chunk_end, end).out;
    }
    if (ends) end = std::ranges::copy(wire::last_chunk, end).out;
    return {begin, end};
}

/// Puts a head in front of `body`, in place, which spares a copy of the body. `scratch` has room for heads up
/// to its `head_room`.
[[nodiscard]] inline std::span<char> put_before(std::span<char> body, std::string_view head) noexcept
{
    return {std::ranges::copy_backward(head, body.data()).out, head.size() + body.size()};
}

/// A chunk of `payload` appended to `out`, and the last chunk when the body ends here.
inline void append_chunk(std::string& out, std::string_view payload, bool ends)
{
    if (!payload.empty()) {
        std::array<char, wire::chunk_line_bytes_max>
            line; // NOLINT(cppcoreguidelines-pro-type-member-init): written first
        auto* const end = line.data() + line.size();
        out.append(end - wire::write_chunk_line_before(end, payload.size()), end);
        out.append(payload).append(wire::chunk_end);
    }
    if (ends) out.append(wire::last_chunk);
}

} // namespace gateway::relay
