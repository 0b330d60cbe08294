#pragma once
#include "gateway/base/config.hpp"

namespace gateway::jail {

/// Throws `config_error` for the first file that `of` names and that is there, but not for this process as it
/// is confined now. Such files can be read by a gateway that is started with `of`.
void check_reach(config const& of);

} // namespace gateway::jail
