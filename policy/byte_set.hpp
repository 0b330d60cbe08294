#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace policy {

/// A set of byte values as a table: one look-up for each byte, the same for every locale.
class byte_set {
public:
    explicit constexpr byte_set(std::string_view members) noexcept { add(members); }

    /// ASCII letters and digits, and `others`.
    [[nodiscard]] static constexpr byte_set alphanumeric_and(std::string_view others) noexcept
    {
        byte_set made{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"};
        made.add(others);
        return made;
    }

    [[nodiscard]] constexpr bool has(char c) const noexcept { return table_[static_cast<unsigned char>(c)]; }

    [[nodiscard]] constexpr bool has_all(std::string_view text) const noexcept
    {
        bool all = true; // no way out of the loop: what is looked at is short, and nearly always all right
        for (char c : text)
            all &= has(c);
        return all;
    }

private:
    constexpr void add(std::string_view members) noexcept
    {
        for (char c : members)
            table_[static_cast<unsigned char>(c)] = true;
    }

    std::array<bool, 256> table_{};
};

} // namespace policy
