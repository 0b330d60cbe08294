#pragma once
#include "tests/bench/wire/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/ssl.h>
#include <span>
#include <string>
#include <string_view>

namespace bench {

struct free_context {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using tls_context = std::unique_ptr<SSL_CTX, free_context>;

/// TLS 1.3 with AES-128-GCM, as for every proxy here. Throws when OpenSSL cannot.
[[nodiscard]] tls_context make_client_context();
[[nodiscard]] tls_context make_server_context(std::string const& chain_file, std::string const& key_file);

enum class tls_side : std::uint8_t { client, server };
enum class progress : std::uint8_t { done, blocked, failed };

/// TLS over a non-blocking socket, made to cost little: a burst of records takes one recv (read-ahead), and
/// what is written gathers in memory until `flush`, which takes one send.
class tls_stream {
public:
    tls_stream(SSL_CTX* context, descriptor socket, tls_side side);

    [[nodiscard]] progress handshake();
    /// Bytes of one record; 0 with `blocked` or `failed`, where an end of any kind is a failure.
    struct piece {
        std::size_t bytes;
        progress how;
    };
    [[nodiscard]] piece read(std::span<char> into);
    /// Whether something was received that has not been read.
    [[nodiscard]] bool holds_more() const { return SSL_has_pending(ssl_.get()) == 1; }

    [[nodiscard]] bool write(std::string_view bytes);
    [[nodiscard]] progress flush();
    [[nodiscard]] std::size_t unsent() const;

    [[nodiscard]] descriptor const& socket() const { return socket_; }
    [[nodiscard]] SSL* native() const { return ssl_.get(); }

private:
    struct free_ssl {
        void operator()(SSL* ssl) const;
    };

    [[nodiscard]] progress explain(int result);

    descriptor socket_;
    std::unique_ptr<SSL, free_ssl> ssl_;
    std::size_t sent_ = 0; ///< of what lies in the memory BIO
};

} // namespace bench
