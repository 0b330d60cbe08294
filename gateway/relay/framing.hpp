#pragma once
#include "gateway/wire/body.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace gateway::relay {

/// Makes one chunk of the `size` bytes at `payload`, in place, and the last chunk behind it when the body
/// ends here. Uses the room that `scratch` keeps around its window.
[[nodiscard]] inline std::string_view chunk_in_place(char* payload, std::size_t size, bool ends) noexcept
{
    auto* begin = payload;
    auto* end = payload + size;
    if (size > 0) {
        begin -= wire::write_chunk_line_before(payload, size);
        end = std::ranges::copy(wire::chunk_end, end).out;
    }
    if (ends) end = std::ranges::copy(wire::last_chunk, end).out;
    return {begin, end};
}

/// The same, appended to `out`.
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
