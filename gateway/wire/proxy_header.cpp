#include "gateway/wire/proxy_header.hpp"

#include "gateway/base/chars.hpp"

#include <algorithm>

namespace gateway::wire {

namespace {

using namespace std::string_view_literals;

constexpr proxy_header incomplete{head_state::incomplete, 0, std::nullopt};
constexpr proxy_header flawed{head_state::flawed, 0, std::nullopt};

/// Whether `bytes` may still become something that begins with `start`.
bool may_begin_with(std::string_view bytes, std::string_view start) noexcept
{
    return bytes.substr(0, start.size()) == start.substr(0, bytes.size());
}

// --- version 1: a line of text (§2.1) ---

constexpr auto line_start = "PROXY "sv;
constexpr std::size_t line_bytes_max = 107; ///< with its CRLF

/// Up to the next space, or the end; takes both away.
std::string_view take_word(std::string_view& line) noexcept
{
    auto const space = line.find(' ');
    auto const word = line.substr(0, space);
    line.remove_prefix(space == line.npos ? line.size() : space + 1);
    return word;
}

/// From 0 to 65535, without leading zeros.
bool is_port(std::string_view text) noexcept
{
    if (!chars::all(chars::kind::digit, text) || text.size() > 5) return false;
    if (text.front() == '0') return text.size() == 1;
    return text.size() < 5 || text <= "65535"sv;
}

/// `line`: behind `PROXY `, without its CRLF.
std::optional<proxy_header> read_line(std::string_view line, std::size_t bytes) noexcept
{
    auto const ends_in_space = line.ends_with(' ');
    auto const family = take_word(line);
    if (family == "UNKNOWN"sv) return proxy_header{head_state::complete, bytes, std::nullopt};
    if (family != "TCP4"sv && family != "TCP6"sv) return std::nullopt;
    auto const read = family == "TCP4"sv ? read_ipv4 : read_ipv6;
    auto const source = read(take_word(line));
    auto const destination = read(take_word(line));
    auto const good = source && destination && is_port(take_word(line)) && is_port(take_word(line));
    if (!good || !line.empty() || ends_in_space) return std::nullopt;
    return proxy_header{head_state::complete, bytes, source};
}

proxy_header read_version_1(std::string_view bytes) noexcept
{
    auto const window = bytes.substr(0, line_bytes_max);
    auto const end = window.find_first_of("\r\n"sv);
    if (end == window.npos) return window.size() < line_bytes_max ? incomplete : flawed;
    if (end + 1 == window.size() && window[end] == '\r')
        return end + 1 < line_bytes_max ? incomplete : flawed;
    if (window.substr(end, 2) != "\r\n"sv) return flawed;
    auto const line = window.substr(line_start.size(), end - line_start.size());
    return read_line(line, end + 2).value_or(flawed);
}

// --- version 2: binary (§2.2) ---

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t fixed_bytes = 16; ///< signature, version and command, family, length

enum class command : std::uint8_t { local = 0x20, proxy = 0x21 };

/// The families and transports that there are, and how many bytes the addresses of each take.
struct family {
    std::uint8_t code;
    std::size_t address_bytes;
};
constexpr std::uint8_t tcp_over_v4 = 0x11;
constexpr std::uint8_t tcp_over_v6 = 0x21;
constexpr std::array families{
    family{0x00,        0  }, // unspecified
    family{tcp_over_v4, 12 },
    family{0x12,        12 }, // datagrams
    family{tcp_over_v6, 36 },
    family{0x22,        36 },
    family{0x31,        216}, // UNIX sockets
    family{0x32,        216},
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) noexcept
{
    return static_cast<std::uint8_t>(bytes[at]);
}

template <std::size_t N>
std::array<std::uint8_t, N> bytes_of(std::string_view from) noexcept
{
    std::array<std::uint8_t, N> out{};
    std::ranges::transform(
        from.substr(0, N), out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return out;
}

std::optional<ip_address> source_in(std::uint8_t code, std::string_view addresses) noexcept
{
    if (code == tcp_over_v4) return ip_address::of_v4(bytes_of<4>(addresses));
    if (code == tcp_over_v6) return ip_address::of_v6(bytes_of<16>(addresses));
    return std::nullopt;
}

proxy_header read_version_2(std::string_view bytes) noexcept
{
    if (bytes.size() < fixed_bytes) return incomplete;
    auto const asked = static_cast<command>(byte_at(bytes, 12));
    auto const code = byte_at(bytes, 13);
    auto const size = fixed_bytes + byte_at(bytes, 14) * 256U + byte_at(bytes, 15);
    if ((asked != command::local && asked != command::proxy) || size > proxy_header_bytes_max) return flawed;
    auto const is_local = asked == command::local; // whose family means nothing (§2.2)
    auto const* const row = std::ranges::find(families, code, &family::code);
    if (!is_local && (row == families.end() || size - fixed_bytes < row->address_bytes)) return flawed;
    if (bytes.size() < size) return incomplete;
    auto const source = is_local ? std::nullopt : source_in(code, bytes.substr(fixed_bytes));
    return {head_state::complete, size, source};
}

} // namespace

proxy_header read_proxy_header(std::string_view bytes) noexcept
{
    if (may_begin_with(bytes, signature))
        return bytes.size() < signature.size() ? incomplete : read_version_2(bytes);
    if (!may_begin_with(bytes, line_start)) return flawed;
    return bytes.size() < line_start.size() ? incomplete : read_version_1(bytes);
}

} // namespace gateway::wire
