#pragma once
#include <string>
#include <vector>

namespace certs {

/// Where OpenSSL looks for the system's authorities, when no file names them: `$SSL_CERT_FILE` and
/// `$SSL_CERT_DIR`, or what it was built with. In the directories it looks at each verification.
[[nodiscard]] std::vector<std::string> system_store_paths();

} // namespace certs
