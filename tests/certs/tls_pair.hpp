#pragma once
#include "certs/openssl_ptr.hpp"
#include "certs/tls_context.hpp"

#include <openssl/ssl.h>

#include <string>

using tls_session = certs::owned<SSL_SESSION, SSL_SESSION_free>;

/// A client and a server that talk through memory, in one thread.
class tls_pair {
public:
    tls_pair(SSL_CTX* client_context, SSL_CTX* server_context);

    [[nodiscard]] SSL* client() const noexcept { return client_.get(); }
    [[nodiscard]] SSL* server() const noexcept { return server_.get(); }

    /// True when both sides finished. Else `client_reason` or `server_reason` says why.
    bool handshake();
    /// Carries a byte each way, so that tickets and late alerts arrive. False: one side failed.
    bool exchange();
    /// The server's socket closes, without a word from TLS.
    void cut();

    [[nodiscard]] int client_reason() const noexcept { return client_reason_; } ///< SSL_R_…, 0: none
    [[nodiscard]] int server_reason() const noexcept { return server_reason_; }
    [[nodiscard]] std::string protocol() const { return SSL_get_version(client_.get()); }
    [[nodiscard]] bool resumed() const;
    [[nodiscard]] tls_session session() const { return tls_session{SSL_get1_session(client_.get())}; }
    /// The kind of key in the certificate the server showed: EVP_PKEY_EC, EVP_PKEY_RSA.
    [[nodiscard]] int server_key_kind() const;
    /// Whether the certificate the server showed is for this name.
    [[nodiscard]] bool server_shows(std::string const& name) const;

private:
    certs::owned<SSL, SSL_free> client_;
    certs::owned<SSL, SSL_free> server_;
    int client_reason_ = 0;
    int server_reason_ = 0;
};

/// A client that checks nothing and offers what OpenSSL offers, for tests of the server.
certs::context_ptr careless_client();
