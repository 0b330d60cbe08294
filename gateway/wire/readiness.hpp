#pragma once
#include "gateway/base/waker.hpp"

#include <chrono>
#include <cstdint>

namespace gateway::wire {

/// What is known of one descriptor without asking the kernel. Edge-triggered: a flag that was cleared because
/// the kernel had no more to give is set again by the next event.
struct watch {
    waker* owner = nullptr;   ///< woken by every event; nullptr: nobody listens
    bool readable = true;     ///< a read may give something
    bool writable = true;     ///< a write may take something
    bool peer_closed = false; ///< FIN or RST has come (data may still stand before it)
};

/// A worker's epoll set: what it waits at between two turns.
class readiness {
public:
    readiness(); ///< throws `std::system_error` when the kernel gives no descriptor
    ~readiness();
    readiness(readiness const&) = delete;
    readiness& operator=(readiness const&) = delete;

    /// A connection: registered once, edge-triggered, for everything. `w` must live until `descriptor` is
    /// closed, which also ends the registration. False: the kernel refused.
    [[nodiscard]] bool add(int descriptor, watch& w) noexcept;
    /// What is told of for as long as something can be read: a listener, from which one is taken at a time
    /// (an `accept` that finds nobody costs the kernel a socket made in vain).
    [[nodiscard]] bool add_source(int descriptor, watch& w) noexcept;
    /// The same for a socket that others, threads or processes, watch too: one of them is told of a newcomer,
    /// the one that has waited for longest. Its registration outlives the descriptor: `remove` it before.
    [[nodiscard]] bool add_shared(int descriptor, watch& w) noexcept;
    /// Goes behind all others that wait there.
    [[nodiscard]] bool wait_anew(int descriptor, watch& w) noexcept;
    /// Tells of `descriptor` no more, while it stays open.
    void remove(int descriptor) noexcept;
    /// Waits up to `patience` for an event, notes all that have come and wakes their owners; runs nobody.
    void note_events(std::chrono::milliseconds patience) noexcept;
    /// Readable when there are events.
    [[nodiscard]] int descriptor() const noexcept { return set_; }

private:
    [[nodiscard]] bool add(int descriptor, watch& w, std::uint32_t events) noexcept;

    int set_;
};

} // namespace gateway::wire
