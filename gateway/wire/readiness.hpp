#pragma once
#include "gateway/base/waker.hpp"

#include <cstddef>

namespace gateway::wire {

/// What is known of one descriptor without asking the kernel. Edge-triggered: a flag that was cleared because
/// the kernel had no more to give is set again by the next event.
struct watch {
    waker* owner = nullptr;   ///< woken by every event; nullptr: nobody listens
    bool readable = true;     ///< a read may give something
    bool writable = true;     ///< a write may take something
    bool peer_closed = false; ///< FIN or RST has come (data may still stand before it)
};

/// A worker's own edge-triggered epoll set: each descriptor is registered once, for everything. The set is
/// itself one descriptor, which the worker's `io_context` watches.
class readiness {
public:
    readiness(); ///< throws `std::system_error` when the kernel gives no descriptor
    ~readiness();
    readiness(readiness const&) = delete;
    readiness& operator=(readiness const&) = delete;

    /// `w` must live until `descriptor` is closed, which also ends the registration. False: the kernel
    /// refused.
    [[nodiscard]] bool add(int descriptor, watch& w) noexcept;
    /// Notes all events that have come and wakes the owners; runs nobody.
    void note_events() noexcept;
    [[nodiscard]] int descriptor() const noexcept { return set_; }

private:
    int set_;
};

} // namespace gateway::wire
