/// A client in which every byte is the test's own: one TCP connection, with TLS or without.
#pragma once
#include "tests/end_to_end/support/waiting.hpp"

#include <cstdint>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace e2e {

using session_ptr = std::shared_ptr<SSL_SESSION>;

struct client_options {
    bool tls = true;
    std::string server_name = "localhost";
    std::string ca_file; ///< empty: the certificate is not verified
    int version_min = 0; ///< TLS1_2_VERSION …; 0: as the library has it
    int version_max = 0;
    std::string alpn; ///< in wire form: "\x02h2"
    session_ptr resume;
    int receive_buffer = 0; ///< bytes; 0: the system's
    std::string from;       ///< the address that it comes from; empty: the system's choice
    std::string ciphers;    ///< for TLS 1.2
    std::string in_front;   ///< sent in clear before all else, byte by byte
};

/// How the other side ended its stream.
enum class ending : std::uint8_t {
    none,      ///< it has not
    clean,     ///< with close_notify; without TLS, with a FIN
    truncated, ///< TCP ended without close_notify
    reset,
};

struct handshake_failed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class client {
public:
    explicit client(std::uint16_t port, client_options const& options = {}); ///< throws `handshake_failed`
    ~client();
    client(client&& other) noexcept;
    client& operator=(client&&) = delete;

    /// Sends all of it. Throws when the peer is gone or takes no more.
    void send(std::string_view bytes);
    /// Sends what the peer takes within `time`; says how much. Does not throw.
    [[nodiscard]] std::size_t offer(std::string_view bytes, milliseconds time);
    /// Appends what comes next to `inbox`. False: the stream has ended. Throws `timed_out`.
    [[nodiscard]] bool receive(deadline const& until = deadline{});
    /// Appends what comes until the stream ends.
    void receive_to_end();
    /// Nothing comes within `time`, and the stream does not end.
    [[nodiscard]] bool stays_silent(milliseconds time);
    [[nodiscard]] ending how_ended() const { return ending_; }

    void close_notify(); ///< says goodbye, in TLS only
    void close();        ///< close_notify and FIN
    void cut();          ///< FIN without close_notify
    void reset();        ///< RST
    void vanish();       ///< what comes is not heard any more, nor acknowledged: the network is gone

    [[nodiscard]] session_ptr session() const; ///< to resume with; TLS 1.3 tickets come with the first answer
    [[nodiscard]] bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
    [[nodiscard]] int version() const { return SSL_version(ssl_.get()); }
    [[nodiscard]] std::string protocol() const;         ///< that ALPN chose
    [[nodiscard]] std::string certificate_name() const; ///< the leaf's common name
    [[nodiscard]] std::string certificate_key() const;  ///< "RSA", "EC"

    std::string inbox; ///< received and not consumed

private:
    void connect(std::uint16_t port, client_options const& options);
    void shake_hands(client_options const& options);
    [[nodiscard]] bool await_ssl(int result, deadline const& until);
    [[nodiscard]] long try_send(std::string_view bytes, deadline const& until);

    int socket_ = -1;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
    ending ending_ = ending::none;
};

/// What a client says first in TLS.
[[nodiscard]] std::string client_hello();

} // namespace e2e
