#include "gateway/base/config.hpp"

namespace gateway {

config_error::config_error(std::string where, std::string const& what)
    : std::runtime_error(where + ": " + what), where_(std::move(where))
{
}

std::string write_authority(std::string_view host, std::uint16_t port, std::uint16_t schemes_own)
{
    auto const is_v6 = host.find(':') != std::string_view::npos;
    auto out = is_v6 ? "[" + std::string(host) + "]" : std::string(host);
    if (port != schemes_own) out += ":" + std::to_string(port);
    return out;
}

} // namespace gateway
