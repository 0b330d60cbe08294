#pragma once
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"

#include <memory>
#include <string>

namespace gateway {

/// Who may vouch for a server that the gateway calls, ready for connections to it. A change is another one.
using trust = std::shared_ptr<certs::context_ptr const>;

/// In the upstream: `upstream.ca_file`, `crl_file`, `pins` and the expected name. Reads the files; throws
/// `config_error` with the field's path and the remedy.
[[nodiscard]] trust load_upstream_trust(upstream_config const& upstream);

/// In a server of the app's; null when it is called in clear. `field`: the path of the one that names
/// `ca_file`. Throws `config_error`.
[[nodiscard]] trust load_trust(http_url const& url, std::string const& ca_file, std::string const& field);

/// Changes when the file does; empty: there is none. `field`: its path. Throws `config_error`.
[[nodiscard]] std::string fingerprint_of_file(std::string const& field, std::string const& file);

/// Changes when a file does of which `load_upstream_trust` is made.
[[nodiscard]] std::string fingerprint_of_trust(upstream_config const& upstream);

} // namespace gateway
