#pragma once
#include "certs/random.hpp"
#include "certs/revocation_lists.hpp"

#include <openssl/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certs {

struct free_context {
    void operator()(SSL_CTX* context) const noexcept;
};
using context_ptr = std::unique_ptr<SSL_CTX, free_context>;
/// One more owner of the same context.
[[nodiscard]] context_ptr share(SSL_CTX* context) noexcept;

/// PEM files of one certificate: the chain, leaf first, and the leaf's key.
struct certificate_files {
    std::string chain;
    std::string key;
};

/// Session ticket keys (RFC 5077, RFC 8446 §4.6.1), shared by all workers. `rotate` makes a new sealing key
/// and keeps the one before it for opening; older ones are wiped, so that a stolen key opens little.
/// Thread-safe; `random` is called by one thread at a time. Outlives every `server_tls` made with it, and
/// their connections.
class ticket_keys {
public:
    explicit ticket_keys(random_source random);
    ticket_keys(ticket_keys const&) = delete;
    ticket_keys& operator=(ticket_keys const&) = delete;
    ticket_keys(ticket_keys&&) = delete;
    ticket_keys& operator=(ticket_keys&&) = delete;
    ~ticket_keys();
    void rotate();

private:
    friend class server_tls;
    struct state;
    std::unique_ptr<state> state_;
};

/// What the client's side of the gateway offers: TLS 1.2 with ECDHE and AEAD only, and TLS 1.3; server's
/// choice of cipher; no renegotiation, no compression, no early data; ALPN `http/1.1` (a client that offers
/// only others gets the alert no_application_protocol); one session ticket. A certificate is chosen by SNI
/// against its subject alternative names (exact, else one wildcard label); a client with no or an unknown
/// name gets the first. An ECDSA and an RSA certificate for the same names may stand side by side. Outlives
/// the handshakes of its connections, but need not outlive the connections.
class server_tls {
public:
    /// Throws `std::runtime_error` naming the file and what is wrong (unreadable, key does not match, no
    /// names, a chain that is none).
    server_tls(std::vector<certificate_files> const& certificates, ticket_keys& tickets);
    server_tls(server_tls const&) = delete;
    server_tls& operator=(server_tls const&) = delete;
    server_tls(server_tls&&) = delete;
    server_tls& operator=(server_tls&&) = delete;
    ~server_tls();
    /// The context for new connections; it switches itself at SNI.
    [[nodiscard]] SSL_CTX* context() const noexcept;

    /// The name that a certificate states first (empty: it is for addresses only), and when it ends.
    struct served {
        std::string name;
        std::chrono::sys_seconds ends_at;
    };
    /// In the order of the configuration.
    [[nodiscard]] std::vector<served> const& certificates() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469 §2.4).
using spki_pin = std::array<std::uint8_t, 32>;

struct client_tls_settings {
    std::string ca_file;        ///< empty: the system's store
    std::string server_name;    ///< for SNI and for the name in the certificate; a host name or an IP address
    revocation_lists revoked{}; ///< none: revocation is not looked at
    std::vector<spki_pin> pins{}; ///< one of them must be in the verified chain; none: any chain will do
};

/// What the upstream's side demands: TLS 1.2 or later, chain and name verified, always. With revocation lists
/// there must be one of each authority in the chain, in its time, and it must not name what it issued: a
/// certificate of which nothing is known is refused. Sessions go to the `client_sessions` with which a
/// connection was prepared, else nowhere.
/// Throws `std::runtime_error` naming the file that does not load, or the name that is none.
[[nodiscard]] context_ptr make_client_context(client_tls_settings const& settings);
/// Sets SNI and the expected name on one connection (RFC 9525); false when OpenSSL refuses the name.
[[nodiscard]] bool expect_server(SSL* connection, std::string const& server_name) noexcept;

} // namespace certs
