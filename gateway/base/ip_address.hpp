#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway {

/// An IP address without a port. An IPv4 one is kept as it comes mapped into IPv6 (RFC 4291 §2.5.5.2), so
/// that it is one address whichever way it comes.
class ip_address {
public:
    ip_address() = default; ///< `::`, which nobody has
    [[nodiscard]] static ip_address of_v4(std::span<std::uint8_t const, 4> bytes) noexcept;
    [[nodiscard]] static ip_address of_v6(std::span<std::uint8_t const, 16> bytes) noexcept;

    [[nodiscard]] bool is_v4() const noexcept;
    /// In network order; of an IPv4 address the mapped form.
    [[nodiscard]] std::span<std::uint8_t const, 16> bytes() const noexcept { return bytes_; }
    /// `192.0.2.7`, `2001:db8::1` (RFC 5952).
    [[nodiscard]] std::string text() const;

    friend bool operator==(ip_address const&, ip_address const&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// Four decimal numbers without leading zeros.
[[nodiscard]] std::optional<ip_address> read_ipv4(std::string_view text) noexcept;
/// RFC 4291 §2.2, without brackets or zone; one that maps an IPv4 address is that address.
[[nodiscard]] std::optional<ip_address> read_ipv6(std::string_view text) noexcept;
/// Either.
[[nodiscard]] std::optional<ip_address> read_ip_address(std::string_view text) noexcept;

/// All addresses that begin alike. An IPv4 network has IPv4 addresses only, an IPv6 network none of them.
class ip_network {
public:
    /// Those with the first `bits` bits of `one`, at most 128; in the mapped form IPv4 begins behind 96.
    ip_network(ip_address const& one, unsigned bits) noexcept;

    [[nodiscard]] ip_address const& first() const noexcept { return first_; }
    [[nodiscard]] bool has(ip_address const& one) const noexcept;
    /// The length of the prefix, as it is written.
    [[nodiscard]] unsigned bits() const noexcept { return first_.is_v4() ? bits_ - v4_begins : bits_; }
    /// `10.0.0.0/8`; a single address without its length.
    [[nodiscard]] std::string text() const;

    friend bool operator==(ip_network const&, ip_network const&) = default;

private:
    static constexpr unsigned v4_begins = 96; ///< bits of the mapped form before it

    ip_address first_; ///< with zeros behind the prefix
    unsigned bits_;    ///< of the mapped form
};

[[nodiscard]] bool any_has(std::span<ip_network const> networks, ip_address const& one) noexcept;

} // namespace gateway
