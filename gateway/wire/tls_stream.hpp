#pragma once
#include "gateway/wire/handshake_failure.hpp"
#include "gateway/wire/socket.hpp"

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string_view>

namespace gateway::wire {

/// Which part the gateway plays in the handshake.
enum class tls_side : std::uint8_t { server, client };

/// TLS over a non-blocking socket that OpenSSL reads and writes itself, through a BIO of our own: no second
/// copy, no buffer while idle. Every call does what can be done now and returns; the waker of the socket
/// tells when to go on.
class tls_stream {
public:
    /// `under` must outlive the stream. Throws `std::bad_alloc` when OpenSSL has no memory.
    tls_stream(socket& under, SSL_CTX* context, tls_side side);

    /// `moved` when the handshake is complete; on `failed`, `failure()` says why.
    [[nodiscard]] progress handshake() noexcept;
    /// Fills `into` with what has arrived, several records if they are there. `closed` is a close_notify; an
    /// end without one is `failed` (truncation, RFC 8446 §6.1).
    [[nodiscard]] transfer read(std::span<char> into) noexcept;
    /// Takes as much as the socket does; what is not taken must come first in the next call, with at least as
    /// many bytes.
    [[nodiscard]] transfer write(std::string_view bytes) noexcept;
    /// OpenSSL wipes its buffer once what came has been taken from it: while it may hold a token. Costs a
    /// pass over 16 KiB for each read.
    void wipe_what_is_read(bool yes) noexcept;
    /// OpenSSL gives its buffers back by itself, but for the one for writing that it makes when it reads a
    /// session ticket: 16 KiB for each stream that from then on only listens. Costs more than a short read.
    void give_back_buffers() noexcept;
    /// Sends close_notify if it still can, without waiting.
    void close_notify() noexcept;

    [[nodiscard]] bool resumed() const noexcept;
    [[nodiscard]] bool speaks_tls_1_3() const noexcept;
    /// The cause behind `failure()`; `left` when there is none.
    [[nodiscard]] handshake_failure why_no_handshake() const noexcept { return cause_; }
    /// A short name of what ended the handshake, such as `no_shared_cipher`; from OpenSSL's own reasons,
    /// never of data.
    [[nodiscard]] std::string_view failure() const noexcept { return failure_; }
    /// For settings that belong to one connection (the expected server name); kept within `upstream/`.
    [[nodiscard]] SSL* native() const noexcept { return ssl_.get(); }

private:
    struct free_ssl {
        void operator()(SSL* ssl) const noexcept;
    };

    [[nodiscard]] progress explain(int result) noexcept;

    socket* under_;
    std::unique_ptr<SSL, free_ssl> ssl_;
    std::string_view failure_;
    handshake_failure cause_ = handshake_failure::left;
    bool drained_ = false; ///< OpenSSL holds nothing that could be read: only the socket can bring more
};

} // namespace gateway::wire
