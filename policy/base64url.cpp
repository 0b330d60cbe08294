#include "policy/base64url.hpp"

#include <array>

namespace policy::base64url {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Set in every entry that is no letter, and above all 24 bits of a group: or-ing entries keeps it.
constexpr std::uint32_t not_a_letter = 1U << 31;

constexpr auto letter_values = [] {
    std::array<std::uint32_t, 256> table{};
    table.fill(not_a_letter);
    for (std::uint32_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = i;
    return table;
}();

std::uint32_t value_of(char letter) noexcept { return letter_values[static_cast<unsigned char>(letter)]; }

} // namespace

void append(std::string& out, std::span<std::uint8_t const> bytes)
{
    out.reserve(out.size() + encoded_size(bytes.size()));
    std::size_t i = 0;
    for (; bytes.size() - i >= 3; i += 3) {
        auto const group = static_cast<std::uint32_t>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
        for (auto shift : {18U, 12U, 6U, 0U})
            out += alphabet[group >> shift & 63U];
    }
    auto const left = bytes.size() - i;
    if (left == 0) return;
    auto const group = static_cast<std::uint32_t>(bytes[i] << 16 | (left == 2 ? bytes[i + 1] << 8 : 0));
    out += alphabet[group >> 18U & 63U];
    out += alphabet[group >> 12U & 63U];
    if (left == 2) out += alphabet[group >> 6U & 63U];
}

std::optional<std::size_t> decode(std::string_view text, std::span<std::uint8_t> out) noexcept
{
    auto const size = decoded_size(text.size());
    if (text.size() % 4 == 1 || out.size() < size) return std::nullopt;

    auto* to = out.data();
    std::uint32_t seen = 0; // all groups or-ed: one test for bad letters at the end, none inside the loop
    auto const* from = text.data();
    for (auto const* const whole = from + text.size() / 4 * 4; from != whole; from += 4, to += 3) {
        auto const group =
            value_of(from[0]) << 18U | value_of(from[1]) << 12U | value_of(from[2]) << 6U | value_of(from[3]);
        seen |= value_of(from[0]) | value_of(from[1]) | value_of(from[2]) | value_of(from[3]);
        to[0] = static_cast<std::uint8_t>(group >> 16U);
        to[1] = static_cast<std::uint8_t>(group >> 8U);
        to[2] = static_cast<std::uint8_t>(group);
    }
    if (auto const left = text.size() % 4; left != 0) {
        auto const third = left == 3 ? value_of(from[2]) : 0;
        auto const group = value_of(from[0]) << 18U | value_of(from[1]) << 12U | third << 6U;
        seen |= value_of(from[0]) | value_of(from[1]) | third;
        to[0] = static_cast<std::uint8_t>(group >> 16U);
        if (left == 3) to[1] = static_cast<std::uint8_t>(group >> 8U);
        if ((group & (left == 3 ? 0xffU : 0xffffU)) != 0) return std::nullopt;
    }
    if ((seen & not_a_letter) != 0) return std::nullopt;
    return size;
}

} // namespace policy::base64url
