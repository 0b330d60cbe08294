/// A request's head: exactly as it came (for the record) and as it is understood (for the answer).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulator {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request_head {
    std::string raw; ///< all bytes up to and with the blank line
    std::string method;
    std::string target;
    std::string protocol; ///< "HTTP/1.1"
    header_list headers;  ///< in order, in their own case, repeated ones apart
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = false;
    bool upgrade = false; ///< asks for a WebSocket

    [[nodiscard]] std::string_view path() const;
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::string_view get(std::string_view name) const; ///< empty when absent
};

inline constexpr std::size_t head_bytes_max = 64 * 1024;

/// Reads a complete head, strictly: Beast's reading, and beyond it no folded lines, one Host, and never
/// both a length and chunks. A gateway that sends such things shall see a 400 here.
[[nodiscard]] std::optional<request_head> read_head(std::string raw);

} // namespace simulator
