#include "gateway/base/ip_address.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace gateway {

namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// As inet_pton(3) reads it: the strict forms, whatever the locale.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> read_as(int family, std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> ended{};
    std::array<std::uint8_t, N> out{};
    if (text.size() >= ended.size() || text.find('\0') != text.npos) return std::nullopt;
    std::ranges::copy(text, ended.begin());
    if (inet_pton(family, ended.data(), out.data()) != 1) return std::nullopt;
    return out;
}

/// Of byte `at`, what belongs to a prefix of so many bits.
constexpr std::uint8_t mask_of(unsigned bits, unsigned at) noexcept
{
    auto const here = std::clamp(static_cast<int>(bits) - 8 * static_cast<int>(at), 0, 8);
    return static_cast<std::uint8_t>(0xff00U >> static_cast<unsigned>(here));
}

} // namespace

ip_address ip_address::of_v4(std::span<std::uint8_t const, 4> bytes) noexcept
{
    ip_address out;
    std::ranges::copy(mapped, out.bytes_.begin());
    std::ranges::copy(bytes, out.bytes_.begin() + mapped.size());
    return out;
}

ip_address ip_address::of_v6(std::span<std::uint8_t const, 16> bytes) noexcept
{
    ip_address out;
    std::ranges::copy(bytes, out.bytes_.begin());
    return out;
}

bool ip_address::is_v4() const noexcept
{
    return std::ranges::equal(std::span(bytes_).first<mapped.size()>(), mapped);
}

std::string ip_address::text() const
{
    std::array<char, INET6_ADDRSTRLEN> out{};
    auto const v4 = is_v4();
    inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? mapped.size() : 0), out.data(), out.size());
    return out.data();
}

std::optional<ip_address> read_ipv4(std::string_view text) noexcept
{
    auto const bytes = read_as<4>(AF_INET, text);
    return bytes ? std::optional(ip_address::of_v4(*bytes)) : std::nullopt;
}

std::optional<ip_address> read_ipv6(std::string_view text) noexcept
{
    auto const bytes = read_as<16>(AF_INET6, text);
    return bytes ? std::optional(ip_address::of_v6(*bytes)) : std::nullopt;
}

std::optional<ip_address> read_ip_address(std::string_view text) noexcept
{
    return text.find(':') == text.npos ? read_ipv4(text) : read_ipv6(text);
}

ip_network::ip_network(ip_address const& one, unsigned bits) noexcept : bits_(bits)
{
    std::array<std::uint8_t, 16> kept{};
    for (unsigned i = 0; i < kept.size(); ++i)
        kept[i] = one.bytes()[i] & mask_of(bits_, i);
    first_ = ip_address::of_v6(kept);
}

bool ip_network::has(ip_address const& one) const noexcept
{
    if (one.is_v4() != first_.is_v4()) return false;
    for (unsigned i = 0; 8 * i < bits_; ++i)
        if ((one.bytes()[i] & mask_of(bits_, i)) != first_.bytes()[i]) return false;
    return true;
}

std::string ip_network::text() const
{
    constexpr unsigned whole = 128;
    return bits_ == whole ? first_.text() : first_.text() + "/" + std::to_string(bits());
}

bool any_has(std::span<ip_network const> networks, ip_address const& one) noexcept
{
    return std::ranges::any_of(networks, [&](auto const& network) { return network.has(one); });
}

} // namespace gateway
