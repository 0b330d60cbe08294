#pragma once
#include "certs/keyring.hpp"
#include "gateway/base/config.hpp"

#include <vector>

namespace gateway {

/// The keys of `tokens.key_file`; none, where no sealed tokens are taken. Throws `config_error` with the field,
/// the file and the remedy.
[[nodiscard]] std::vector<certs::key_material> load_token_keys(token_config const& tokens);

} // namespace gateway
