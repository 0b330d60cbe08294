#pragma once
#include <algorithm>
#include <string_view>

namespace policy {

/// Equal whatever the case of the letters in `text`; `lower` has none in upper case. ASCII only: names of
/// schemes and hosts are case-insensitive (RFC 9110 §11.1, §4.2.3), but not in the language of some locale.
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept
{
    return std::ranges::equal(text, lower, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
    });
}

} // namespace policy
