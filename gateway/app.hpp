#pragma once
#include "gateway/base/config.hpp"

#include <functional>
#include <string>

namespace gateway {

/// What `voicegate serve` is told besides the configuration.
struct serve_options {
    std::string config_file; ///< where the configuration came from; absolute
    /// Reads the configuration anew, as it was read the first time. Throws `config_error`.
    std::function<config()> read_anew;
    bool print_ports =
        false; ///< write one line to stdout with the ports that were bound: for tests that ask for port 0
};

/// Serves until a signal ends it; returns the exit code. Throws `config_error` when what the configuration
/// names does not load, any other `std::exception` when the gateway cannot start.
[[nodiscard]] int serve(config const& configuration, serve_options const& options);

} // namespace gateway
