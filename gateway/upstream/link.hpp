#pragma once
#include "certs/client_sessions.hpp"
#include "gateway/wire/socket.hpp"
#include "gateway/wire/tls_stream.hpp"

#include <chrono>

namespace gateway::upstream {

/// One TLS connection to the upstream. Its address is known to the kernel: it stays where it was made.
struct link {
    link(wire::readiness& set, int descriptor, waker& owner, SSL_CTX* context)
        : socket(set, descriptor, owner), tls(socket, context, wire::tls_side::client)
    {
    }

    wire::socket socket;
    certs::client_sessions::seat sessions;
    wire::tls_stream tls;
    std::chrono::milliseconds may_idle_for{};
    std::chrono::steady_clock::time_point idle_until; ///< while it idles
    bool carried = false;                             ///< a request has gone over it
    bool reused = false;                              ///< it was open when it was asked for
};

/// A link between requests must have nothing to say: session tickets are taken in, everything else means that
/// it is over.
[[nodiscard]] bool still_quiet(link& idle) noexcept;

} // namespace gateway::upstream
