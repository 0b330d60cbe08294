#pragma once
#include "tests/bench/load/options.hpp"
#include "tests/bench/load/script.hpp"
#include "tests/bench/load/session.hpp"
#include "tests/bench/load/statistics.hpp"
#include "tests/bench/wire/poller.hpp"
#include "tests/bench/wire/timers.hpp"
#include "tests/bench/wire/tls_stream.hpp"

#include <memory>
#include <optional>
#include <span>

namespace bench::load {

class connection;

/// A connection's timer. It matters only while the connection is still the one that set it.
struct appointment {
    connection* with = nullptr;
    std::uint64_t opening = 0;
};

/// What all connections share.
struct surroundings {
    options const& given;
    script const& texts;
    SSL_CTX* tls;
    poller& sockets;
    timers<appointment>& later;
    statistics& counts;
    std::span<char> scratch; ///< for what is being read
};

/// One place for a client, which is opened again when its connection has ended: TCP, TLS, then a session.
class connection {
public:
    connection(std::size_t number, surroundings with);

    /// The context's callback for session tickets.
    static int keep_ticket(SSL* of, SSL_SESSION* ticket);

    // For the generator.
    [[nodiscard]] step open(instant now);
    [[nodiscard]] step ready(std::uint32_t events);
    [[nodiscard]] step due(instant now);
    void settle() { phase_ = phase::settled; }
    void close();
    [[nodiscard]] bool under_way() const; ///< it has not come so far that others may be opened
    [[nodiscard]] bool settled() const { return phase_ == phase::settled; }
    [[nodiscard]] bool closed() const { return phase_ == phase::closed; }
    [[nodiscard]] bool still_in(appointment const& made) const { return made.opening == opening_; }

    // For sessions.
    [[nodiscard]] step send(std::string_view bytes);
    void wake_at(instant at);
    [[nodiscard]] std::size_t number() const { return number_; }
    [[nodiscard]] instant begun_at() const { return begun_at_; }
    [[nodiscard]] bool has_ticket() const { return has_ticket_; }

private:
    enum class phase : std::uint8_t { closed, connecting, shaking_hands, open, settled };
    struct free_session {
        void operator()(SSL_SESSION* s) const { SSL_SESSION_free(s); }
    };

    [[nodiscard]] step shake_hands();
    [[nodiscard]] step read();
    [[nodiscard]] step flush();
    [[nodiscard]] step failed(char const* reason);

    std::size_t number_;
    surroundings with_;
    phase phase_ = phase::closed;
    std::uint64_t opening_ = 0; ///< counts openings and closings
    instant begun_at_;
    std::optional<tls_stream> stream_;
    std::optional<interest> interest_;
    std::unique_ptr<session> session_;
    std::unique_ptr<SSL_SESSION, free_session> ticket_;
    bool has_ticket_ = false; ///< one came on this very connection
};

} // namespace bench::load
