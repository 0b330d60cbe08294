#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace policy {

/// What counts as one address of a client's: an IPv4 address, or the /64 of an IPv6 address, which is the
/// least that one subscriber has (RFC 6177) and within which addresses change by themselves (RFC 8981). An
/// IPv4 address that comes mapped into IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
class client_network {
public:
    client_network() = default; ///< of nobody

    [[nodiscard]] static client_network of_v4(std::span<std::uint8_t const, 4> address) noexcept
    {
        return {'4', address};
    }
    [[nodiscard]] static client_network of_v6(std::span<std::uint8_t const, 16> address) noexcept
    {
        constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
        if (std::ranges::equal(address.first<12>(), mapped)) return of_v4(address.last<4>());
        return {'6', address.first<8>()};
    }

    /// Equal for the same network alone.
    [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), bytes_.size()}; }
    friend bool operator==(client_network const&, client_network const&) = default;

private:
    client_network(char version, std::span<std::uint8_t const> prefix) noexcept
    {
        bytes_[0] = version;
        std::ranges::transform(prefix, bytes_.begin() + 1, [](auto b) { return static_cast<char>(b); });
    }

    std::array<char, 9> bytes_{};
};

} // namespace policy
