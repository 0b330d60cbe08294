#pragma once
#include "certs/keyring.hpp"
#include "gateway/base/config.hpp"

#include <chrono>
#include <memory>

namespace gateway {

/// The keys of `tokens.key_file`; none, where no sealed tokens are taken. Never null. Throws `config_error`
/// with the field, the file and the remedy, also when no key is active at `now`.
[[nodiscard]] std::shared_ptr<certs::key_set const>
load_token_keys(token_config const& tokens, std::chrono::sys_seconds now);

} // namespace gateway
