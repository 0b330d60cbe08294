#pragma once
#include "certs/secret.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"

namespace gateway {

// What the configuration names, loaded. Each throws `config_error` with the field's path and the remedy.

/// Empty when no place is given: only cartesia tokens are accepted then, and each travels alone.
[[nodiscard]] certs::secret load_api_key(upstream_config const& upstream);
[[nodiscard]] certs::context_ptr load_upstream_context(upstream_config const& upstream);
[[nodiscard]] certs::server_tls load_server_tls(tls_config const& tls, certs::ticket_keys& tickets);

/// Every client and its upstream need a descriptor each: as many as the system allows.
void raise_descriptor_limit() noexcept;

} // namespace gateway
