#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// Classes of bytes in HTTP (RFC 9110 §5.6.2, RFC 3986 §3.2.2) and quick ways through runs of them.
namespace gateway::chars {

enum class kind : std::uint8_t {
    token = 1, ///< tchar
    value = 2, ///< HTAB, SP, VCHAR
    host = 4,  ///< letters, digits, `-`, `.`, `_`
    digit = 8,
    base64 = 16,
};

namespace detail {
consteval std::array<std::uint8_t, 256> make_kinds()
{
    std::array<std::uint8_t, 256> kinds{};
    auto const add = [&](std::string_view bytes, kind k) {
        for (char const c : bytes)
            kinds[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(k);
    };
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (auto const k : {kind::token, kind::host, kind::base64}) {
        add(digits, k);
        add(letters, k);
    }
    add(digits, kind::digit);
    add("!#$%&'*+-.^_`|~", kind::token);
    add("-._", kind::host);
    add("+/", kind::base64);
    for (char c = 0x20; c < 0x7f; ++c)
        add({&c, 1}, kind::value);
    add("\t", kind::value);
    return kinds;
}

inline constexpr auto kinds = make_kinds();

constexpr std::uint64_t every(std::uint8_t byte) noexcept { return 0x0101'0101'0101'0101ULL * byte; }

inline std::uint64_t load(char const* at) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// In the three functions below the lowest byte that is marked is right; bytes above it may be marked by a
// borrow.
constexpr std::uint64_t mark_below(std::uint64_t word, std::uint8_t limit) noexcept
{
    return (word - every(limit)) & ~word & every(0x80);
}
constexpr std::uint64_t mark_equal(std::uint64_t word, std::uint8_t byte) noexcept
{
    return mark_below(word ^ every(byte), 1);
}

static_assert(std::endian::native == std::endian::little, "the lowest mark must be the first byte");

/// The first index from `at` on whose byte `mark` marks and `stops` confirms, or the size of `text`.
template <class Mark, class Stops>
std::size_t find(std::string_view text, std::size_t at, Mark mark, Stops stops) noexcept
{
    while (at + 8 <= text.size()) {
        auto const marks = mark(load(text.data() + at));
        if (marks == 0) {
            at += 8;
            continue;
        }
        at += static_cast<std::size_t>(std::countr_zero(marks)) / 8;
        if (stops(text[at])) return at;
        ++at;
    }
    while (at < text.size() && !stops(text[at]))
        ++at;
    return at;
}
} // namespace detail

[[nodiscard]] constexpr bool is(kind k, char c) noexcept
{
    return (detail::kinds[static_cast<unsigned char>(c)] & static_cast<std::uint8_t>(k)) != 0;
}

/// The first index from `at` on whose byte is not of kind `k`, or the size of `text`.
[[nodiscard]] constexpr std::size_t skip(kind k, std::string_view text, std::size_t at = 0) noexcept
{
    while (at < text.size() && is(k, text[at]))
        ++at;
    return at;
}

/// True when `text` is not empty and all of it of kind `k`.
[[nodiscard]] constexpr bool all(kind k, std::string_view text) noexcept
{
    return !text.empty() && skip(k, text) == text.size();
}

/// True for what ends a field value: every control but HTAB. Bytes from 0x80 on (obs-text) go on.
[[nodiscard]] constexpr bool ends_value(char c) noexcept
{
    return !is(kind::value, c) && static_cast<unsigned char>(c) < 0x80;
}

[[nodiscard]] inline std::size_t find_value_end(std::string_view text, std::size_t at) noexcept
{
    return detail::find(
        text,
        at,
        [](std::uint64_t word) { return detail::mark_below(word, 0x20) | detail::mark_equal(word, 0x7f); },
        ends_value);
}

/// True for what does not stand for itself in a JSON string, and for all beyond printable ASCII.
[[nodiscard]] constexpr bool ends_json_text(char c) noexcept
{
    return !(c >= 0x20 && c < 0x7f) || c == '"' || c == '\\';
}

[[nodiscard]] inline std::size_t find_json_text_end(std::string_view text, std::size_t at) noexcept
{
    return detail::find(
        text,
        at,
        [](std::uint64_t word) {
            return detail::mark_below(word, 0x20) | detail::mark_equal(word, 0x7f) |
                   detail::mark_equal(word, '"') | detail::mark_equal(word, '\\') |
                   (word & detail::every(0x80));
        },
        ends_json_text);
}

/// True for what ends a request target: everything outside of 0x21–0x7e.
[[nodiscard]] constexpr bool ends_target(char c) noexcept { return !(c > 0x20 && c < 0x7f); }

[[nodiscard]] inline std::size_t find_target_end(std::string_view text, std::size_t at) noexcept
{
    return detail::find(
        text,
        at,
        [](std::uint64_t word) {
            return detail::mark_below(word, 0x21) | detail::mark_equal(word, 0x7f) |
                   (word & detail::every(0x80));
        },
        ends_target);
}

[[nodiscard]] constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// Equal whatever the case of the ASCII letters. `lowered` has none in upper case.
[[nodiscard]] constexpr bool is_same_word(std::string_view text, std::string_view lowered) noexcept
{
    if (text.size() != lowered.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (lower(text[i]) != lowered[i]) return false;
    return true;
}

/// `text` without spaces and tabs at either end (OWS, RFC 9110 §5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

} // namespace gateway::chars
