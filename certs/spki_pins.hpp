#pragma once
#include "certs/tls_context.hpp"

#include <openssl/types.h>

#include <optional>
#include <string_view>
#include <vector>

namespace certs {

/// A pin as people write it: base64 of 32 bytes, with its padding. Nothing for any other text.
[[nodiscard]] std::optional<spki_pin> read_pin(std::string_view base64);
[[nodiscard]] spki_pin pin_of(X509 const* of);

/// From now on `context` accepts a chain only if, verified, it has a certificate with one of `pins` (RFC 7469
/// §2.6): the leaf, an authority on the way, or the one that is trusted. Not empty.
void demand_pins(SSL_CTX* context, std::vector<spki_pin> pins);

} // namespace certs
