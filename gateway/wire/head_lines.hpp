#pragma once
#include "gateway/wire/head.hpp"

#include <cstddef>
#include <string_view>

/// What request and response heads have in common: their lines (RFC 9112 §2.1, §5). For the two head readers
/// only.
namespace gateway::wire::detail {

enum class read : std::uint8_t { done, more, flawed };

struct reading {
    read state = read::done;
    head_flaw flaw{};
};

[[nodiscard]] constexpr reading flawed(head_flaw why) noexcept { return {read::flawed, why}; }
inline constexpr reading more{read::more, {}};
inline constexpr reading done{};

/// Takes CRLF at `at`. Anything else there is the flaw `otherwise`.
[[nodiscard]] reading read_line_end(std::string_view text, std::size_t& at, head_flaw otherwise) noexcept;

/// Takes `HTTP/1.0` or `HTTP/1.1` at `at`. A well-formed beginning of another version is the flaw `version`,
/// anything else `otherwise`.
[[nodiscard]] reading
read_version(std::string_view text, std::size_t& at, head_flaw otherwise, unsigned& minor) noexcept;

/// Takes field lines and the empty line behind them. `at` ends behind the last line that was whole.
[[nodiscard]] reading
read_field_lines(std::string_view text, std::size_t& at, std::size_t fields_max, field_list& out) noexcept;

/// True when the field line at `scanned`, where the last call left off, still has not ended and has no flaw
/// so far: then there is no need to read the lines before it again.
[[nodiscard]] bool line_still_open(std::string_view text, std::size_t scanned) noexcept;

/// Reads a head, its start line by `read_start`: the frame around both readers. Only the first `bytes_max`
/// bytes are looked at, so that it does not matter how many have come behind them.
template <class ReadStart>
[[nodiscard]] head_result read_lines(
    std::string_view bytes,
    head_limits const& limits,
    std::size_t& scanned,
    field_list& fields,
    ReadStart read_start) noexcept
{
    auto const text = bytes.substr(0, limits.bytes_max);
    std::size_t at = 0;
    auto got = more;
    if (!line_still_open(text, scanned)) {
        got = read_start(text, at);
        if (got.state == read::done) got = read_field_lines(text, at, limits.fields_max, fields);
        if (got.state == read::more) scanned = at;
    }
    if (got.state == read::flawed) return {head_state::flawed, got.flaw, 0};
    if (got.state == read::done) return {head_state::complete, {}, at};
    if (bytes.size() >= limits.bytes_max) return {head_state::flawed, head_flaw::too_long, 0};
    return {};
}

} // namespace gateway::wire::detail
