#include "tls_pair.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace {

/// 1: done, 0: wants the other side, -1: failed, and `reason` says why.
int settle(SSL* side, int result, int& reason)
{
    if (result > 0) return 1;
    auto const error = SSL_get_error(side, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 0;
    reason = ERR_GET_REASON(ERR_peek_last_error());
    ERR_clear_error();
    return -1;
}

} // namespace

tls_pair::tls_pair(SSL_CTX* client_context, SSL_CTX* server_context)
    : client_(SSL_new(client_context)), server_(SSL_new(server_context))
{
    BIO* near = nullptr;
    BIO* far = nullptr;
    if (!client_ || !server_ || BIO_new_bio_pair(&near, 0, &far, 0) != 1)
        throw std::runtime_error("tls_pair");
    SSL_set_bio(client_.get(), near, near);
    SSL_set_bio(server_.get(), far, far);
    SSL_set_connect_state(client_.get());
    SSL_set_accept_state(server_.get());
}

bool tls_pair::handshake()
{
    constexpr int rounds_max = 20;
    for (int round = 0; round < rounds_max; ++round) {
        auto const near = settle(client(), SSL_do_handshake(client()), client_reason_);
        auto const far = settle(server(), SSL_do_handshake(server()), server_reason_);
        if (near == 1 && far == 1) return true;
        if (far == -1 && near != -1)
            settle(client(), SSL_do_handshake(client()), client_reason_); // hears the alert
        if (near == -1 || far == -1) return false;
    }
    return false;
}

bool tls_pair::exchange()
{
    char byte = 'x';
    auto const up = settle(client(), SSL_write(client(), &byte, 1), client_reason_) == 1 &&
                    settle(server(), SSL_read(server(), &byte, 1), server_reason_) == 1;
    return up && settle(server(), SSL_write(server(), &byte, 1), server_reason_) == 1 &&
           settle(client(), SSL_read(client(), &byte, 1), client_reason_) == 1;
}

void tls_pair::cut() { BIO_shutdown_wr(SSL_get_wbio(server())); }

bool tls_pair::resumed() const
{
    return SSL_session_reused(client()) == 1 && SSL_session_reused(server()) == 1;
}

int tls_pair::server_key_kind() const
{
    certs::certificate const shown{SSL_get1_peer_certificate(client())};
    return EVP_PKEY_get_base_id(X509_get0_pubkey(shown.get()));
}

bool tls_pair::server_shows(std::string const& name) const
{
    certs::certificate const shown{SSL_get1_peer_certificate(client())};
    return X509_check_host(
               shown.get(), name.data(), name.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

certs::context_ptr careless_client()
{
    certs::context_ptr context{SSL_CTX_new(TLS_client_method())};
    if (!context) throw std::runtime_error("SSL_CTX_new");
    return context;
}
