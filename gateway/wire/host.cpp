#include "gateway/wire/host.hpp"

#include "gateway/base/chars.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::wire {
namespace {

constexpr std::size_t name_bytes_max = 255;

bool is_port(std::string_view text) noexcept
{
    if (text.size() > 5 || !chars::all(chars::kind::digit, text) || text.front() == '0') return false;
    unsigned port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port <= 65535;
}

bool is_ipv6(std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size()) return false;
    std::ranges::copy(text, terminated.begin());
    in6_addr ignored{};
    return inet_pton(AF_INET6, terminated.data(), &ignored) == 1;
}

} // namespace

bool is_host_and_port(std::string_view text) noexcept
{
    auto end = chars::skip(chars::kind::host, text);
    if (text.starts_with('[')) {
        auto const close = text.find(']');
        if (close == text.npos || !is_ipv6(text.substr(1, close - 1))) return false;
        end = close + 1;
    }
    if (end == 0 || end > name_bytes_max) return false;
    return end == text.size() || (text[end] == ':' && is_port(text.substr(end + 1)));
}

} // namespace gateway::wire
