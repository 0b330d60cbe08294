#pragma once
#include "certs/keyring.hpp"
#include "gateway/base/config.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

/// Reads a whole text file. Throws `std::runtime_error` naming it.
[[nodiscard]] std::string read_file(std::string const& name);

/// Reads the configuration. Throws `config_error`, also when the file cannot be read; its text then begins
/// with the name.
[[nodiscard]] config load_config(std::string const& file);

/// The keys of `tokens.key_file`. Throws `config_error` with that field's path.
[[nodiscard]] std::vector<certs::key_material> load_token_keys(config const& from);

} // namespace gateway::cli
