#pragma once
#include "certs/signature_keys.hpp"
#include "gateway/base/config.hpp"

#include <memory>
#include <string>

namespace gateway {

struct loaded_app_keys {
    std::shared_ptr<certs::signature_keys const> keys; ///< never null; none, where the app signs no tokens
    std::string warning;                               ///< for the operator, or empty
};

/// The keys of `tokens.jwt.keys_file`. Throws `config_error` with the field, the file and the remedy. Secrets
/// in a file that others may read are a warning, as for other keys (secret_file.hpp).
[[nodiscard]] loaded_app_keys load_app_keys(token_config const& tokens);

} // namespace gateway
