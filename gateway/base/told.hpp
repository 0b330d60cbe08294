#pragma once
#include "gateway/base/config.hpp"

#include <stdexcept>
#include <string>

namespace gateway {

/// Does `step`; what goes wrong in it is told with the field's path, and with `before` in front of it.
template <class Step>
auto told(std::string const& field, Step step, std::string const& before = {})
{
    try {
        return step();
    } catch (std::runtime_error const& flaw) {
        throw config_error(field, before + flaw.what());
    }
}

} // namespace gateway
