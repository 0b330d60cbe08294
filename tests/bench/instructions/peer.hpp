#pragma once
#include "certs/openssl_ptr.hpp"

#include <openssl/ssl.h>

#include <string>
#include <string_view>

namespace bench {

using tls_session = certs::owned<SSL, SSL_free>;

/// The other end of one of the gateway's connections, a client or the upstream, as this program plays it:
/// plain OpenSSL over a non-blocking socket. Throws `std::runtime_error` when the gateway ends the connection
/// badly.
class peer {
public:
    enum class part : bool { client, server };

    /// Takes `descriptor` over.
    peer(SSL_CTX* context, int descriptor, part as);
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    ~peer();

    /// Shakes hands, then takes what has come; never waits.
    void advance();
    /// All of `bytes`, in one record if they fit one.
    void send(std::string_view bytes);
    void finish();

    [[nodiscard]] bool ready() const noexcept { return SSL_is_init_finished(ssl_.get()) == 1; }
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::string const& heard() const noexcept { return heard_; }
    void forget() noexcept { heard_.clear(); }

private:
    int descriptor_;
    tls_session ssl_;
    std::string heard_;
    bool ended_ = false;
};

} // namespace bench
