#pragma once
#include "gateway/base/config.hpp"

#include <ostream>

namespace gateway::cli {

/// Says in plain sentences what a gateway with this configuration does. Opens no file.
void explain(config const& what, std::ostream& out);

} // namespace gateway::cli
