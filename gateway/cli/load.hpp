#pragma once
#include "gateway/base/config.hpp"

#include <string>

namespace gateway::cli {

/// Reads a whole text file. Throws `std::runtime_error` naming it.
[[nodiscard]] std::string read_file(std::string const& name);

/// Reads the configuration. Throws `config_error`, also when the file cannot be read; its text then begins
/// with the name.
[[nodiscard]] config load_config(std::string const& file);

} // namespace gateway::cli
