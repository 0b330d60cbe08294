#pragma once
#include "certs/signature_keys.hpp"
#include "gateway/base/config.hpp"

#include <memory>

namespace gateway {

/// The keys of `tokens.jwt.keys_file`; none, where the app signs no tokens. Never null. Throws `config_error`
/// with the field, the file and the remedy. A file that holds secrets must be private, as any key file
/// (secret_file.hpp); public keys may be read by all.
[[nodiscard]] std::shared_ptr<certs::signature_keys const> load_app_keys(token_config const& tokens);

} // namespace gateway
