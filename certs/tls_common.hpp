#pragma once
#include "certs/tls_context.hpp"

#include <openssl/ssl.h>

#include <array>
#include <string_view>

namespace certs {

/// `http/1.1` as ALPN writes it (RFC 7301 §3.1): length, then name.
inline constexpr std::array<unsigned char, 9> alpn_http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// A context with what both sides share: versions, ciphers, groups, modes and the options that are always on.
[[nodiscard]] context_ptr new_context(SSL_METHOD const* method);

} // namespace certs
