#pragma once
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
    wire::tls_stream tls;
    std::chrono::steady_clock::time_point idle_since;
    bool reused = false; ///< it has carried a request before
};

} // namespace gateway::upstream
