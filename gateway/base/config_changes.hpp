#pragma once
#include "gateway/base/config.hpp"

namespace gateway {

/// A field has changed that a gateway reads when it starts, and then no more.
class takes_restart : public config_error {
public:
    explicit takes_restart(std::string where);
};

/// Throws `takes_restart` for the first field in which `next` asks for what only a start can give: sockets
/// and threads, what was given up on the way into confinement, the log, and the sizes of what lives as long
/// as the process. All other fields can change while the gateway serves.
void check_changes(config const& now, config const& next);

} // namespace gateway
