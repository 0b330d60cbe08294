#include "gateway/base/config.hpp"

namespace gateway {

config_error::config_error(std::string where, std::string const& what)
    : std::runtime_error(where + ": " + what), where_(std::move(where))
{
}

} // namespace gateway
