#pragma once
#include "certs/keyring.hpp"
#include "certs/secret.hpp"
#include "certs/signature_keys.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"

#include <memory>
#include <vector>

namespace gateway {

// What the configuration names, loaded. Each throws `config_error` with the field's path and the remedy.

[[nodiscard]] std::vector<certs::key_material> load_token_keys(token_config const& tokens);
/// A file that others may read is told on stderr.
[[nodiscard]] std::shared_ptr<certs::signature_keys const> load_app_keys_aloud(token_config const& tokens);
[[nodiscard]] certs::secret
load_api_key(upstream_config const& upstream); ///< a file that others may read is told on stderr
[[nodiscard]] certs::context_ptr load_upstream_context(upstream_config const& upstream);
[[nodiscard]] certs::server_tls load_server_tls(tls_config const& tls, certs::ticket_keys& tickets);

/// Every client and its upstream need a descriptor each: as many as the system allows.
void raise_descriptor_limit() noexcept;

} // namespace gateway
