#pragma once
#include "certs/openssl_ptr.hpp"
#include "certs/tls_context.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <string>
#include <vector>

namespace certs {

/// The newest TLS sessions that one server gave to connections of one client context, to be resumed (RFC 8446
/// §2.2): a resumed handshake needs no certificate and no signature. What was verified in the full handshake
/// holds for those that descend from it, so a session is offered to no other server name and under no other
/// context, and for an hour after its full handshake only: then the chain is verified anew. For one thread.
class client_sessions {
public:
    using time_point = std::chrono::steady_clock::time_point;

    static constexpr std::size_t kept_max = 8;
    static constexpr std::chrono::minutes trusted_for{60};

    /// Where one connection stands; it must stay where it is as long as the connection lives.
    struct seat {
        client_sessions* in = nullptr;
        time_point verified; ///< when the chain was: in this connection's handshake, or in an earlier one's
        time_point begun;
    };

    client_sessions(SSL_CTX* context, std::string server_name);

    /// What was verified under the context before holds no longer: its sessions are dropped, and those that
    /// its connections still bring are not kept.
    void begin_anew(SSL_CTX* context);
    /// Whether it is a connection of the context, as it is now.
    [[nodiscard]] bool rules(SSL const* connection) const noexcept
    {
        return SSL_get_SSL_CTX(connection) == context_.get();
    }

    /// Before the handshake: SNI and the expected name, the newest session that is still good, and from now
    /// on the connection's own sessions are kept. False when OpenSSL refuses the name. Outlives the
    /// connection.
    [[nodiscard]] bool prepare(SSL* connection, seat& at, time_point now);
    /// After the handshake: a session of TLS 1.2 that was resumed, renewed or not, is kept for the next.
    void settle(SSL* connection, seat const& at);
    [[nodiscard]] std::size_t kept() const noexcept { return kept_.size(); }

    /// Makes the connections of `context` hand their sessions to where they sit.
    static void enable(SSL_CTX* context) noexcept;

private:
    struct entry {
        owned<SSL_SESSION, SSL_SESSION_free> session;
        time_point verified;
    };

    static int on_new_session(SSL* connection, SSL_SESSION* session) noexcept;
    void keep(SSL_SESSION* session, time_point verified);
    void offer(SSL* connection, seat& at);

    context_ptr context_;
    std::string server_name_;
    std::vector<entry> kept_; ///< the newest last
};

} // namespace certs
