#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"

namespace gateway {

/// Empty when no place is given: only cartesia tokens are accepted then, and each travels alone. Throws
/// `config_error` with the field's path and the remedy.
[[nodiscard]] certs::secret load_api_key(upstream_config const& upstream);

/// What the service manager has said to this process alone is not passed on. Before threads start.
void forget_service_manager() noexcept;

/// Every client and its upstream need a descriptor each: as many as the system allows.
void raise_descriptor_limit() noexcept;

} // namespace gateway
