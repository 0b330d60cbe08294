#pragma once
#include "certs/openssl_ptr.hpp"
#include "certs/secret.hpp"
#include "certs/tls_context.hpp"

#include <openssl/ssl.h>

#include <array>
#include <optional>
#include <shared_mutex>
#include <span>

namespace certs {

/// One generation of the keys that protect tickets, as RFC 5077 §4 recommends them: a name to find it by,
/// AES-256-CBC and HMAC-SHA256.
struct ticket_key {
    static constexpr std::size_t name_bytes = 16;
    std::array<std::uint8_t, name_bytes> name{};
    secret cipher_key;
    secret mac_key;
};

/// What stands behind `ticket_keys`; `server_tls` hangs it on its contexts.
struct ticket_keys::state {
    explicit state(random_source source);
    void rotate();
    /// Tickets of `context` are sealed and opened with these keys, which must outlive it and its connections.
    void serve(SSL_CTX* context);

private:
    /// OpenSSL's question for each ticket, answered as SSL_CTX_set_tlsext_ticket_key_evp_cb(3) says.
    static int on_ticket(
        SSL* connection,
        unsigned char* name,
        unsigned char* iv,
        EVP_CIPHER_CTX* cipher_context,
        EVP_MAC_CTX* mac_context,
        int sealing);

    /// The key to open a ticket of this name with; null: it is not one of ours, or an old one.
    [[nodiscard]] ticket_key const* named(unsigned char const* name) const;
    [[nodiscard]] ticket_key make_key() const;

    random_source random_;
    owned<EVP_CIPHER, EVP_CIPHER_free> cipher_;
    mutable std::shared_mutex guard_; // over the two keys
    ticket_key current_;
    std::optional<ticket_key> previous_;
};

} // namespace certs
