#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"

#include <functional>
#include <optional>
#include <string>

namespace gateway {

/// Looks up an environment variable; handed in, so that tests need not change their own.
using environment = std::function<std::optional<std::string>(std::string const& name)>;

/// The process's own environment. Called before threads start.
[[nodiscard]] std::optional<std::string> process_environment(std::string const& name);

inline constexpr std::size_t secret_bytes_max = 4'096;

/// The text of the key file that the field called `path` names. Throws `config_error` with the remedy, also
/// when others may read or change the file (`certs::read_private_file`).
[[nodiscard]] certs::secret read_key_file(std::string const& name, std::string const& path);

/// Loads the one line that lies at `from`, whose field is called `path`; white space around it is taken off.
/// Throws `config_error` when it is absent, open to others, empty, longer than `secret_bytes_max` or has
/// white space within: such keys were pasted wrongly, and the upstream would only say "unauthorized".
[[nodiscard]] certs::secret
load_secret(secret_place const& from, std::string const& path, environment const& get);

} // namespace gateway
