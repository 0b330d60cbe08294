#include "certs/tls_common.hpp"

#include "certs/openssl_error.hpp"

namespace certs {
namespace {

// Forward secrecy and AEAD only (RFC 9325 §4.2). AES-128 first: fast wherever AES is in hardware; a client
// without it puts ChaCha20 first and is heard (SSL_OP_PRIORITIZE_CHACHA).
constexpr auto tls_1_2_ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto tls_1_3_ciphers = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto groups = "X25519:P-256:P-384";
constexpr int security_level = 2; // 112 bits: RSA from 2048, no SHA-1 signatures

} // namespace

void free_context::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

context_ptr share(SSL_CTX* context) noexcept
{
    SSL_CTX_up_ref(context);
    return context_ptr(context);
}

context_ptr new_context(SSL_METHOD const* method)
{
    context_ptr owner{SSL_CTX_new(method)};
    require(owner != nullptr, "TLS context");
    auto* const context = owner.get();
    SSL_CTX_set_security_level(context, security_level);
    auto const set = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                     SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
                     SSL_CTX_set_cipher_list(context, tls_1_2_ciphers) == 1 &&
                     SSL_CTX_set_ciphersuites(context, tls_1_3_ciphers) == 1 &&
                     SSL_CTX_set1_groups_list(context, groups) == 1;
    require(set, "TLS context");

    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // The system's openssl.cnf may have set these. The first would show a cut stream as a complete one (RFC
    // 8446 §6.1), the others open what the lines above close.
    SSL_CTX_clear_options(
        context,
        SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION |
            SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3 | SSL_OP_NO_TICKET);
    // An idle connection holds no buffers, and a write may go on from a buffer that has moved.
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1); // a record's header and body in one read
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return owner;
}

} // namespace certs
