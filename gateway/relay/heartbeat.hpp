#pragma once
#include "certs/random.hpp"
#include "gateway/base/deadlines.hpp"
#include "gateway/relay/frame_pump.hpp"

#include <chrono>

namespace gateway::relay {

/// Asks the client of a WebSocket over which nothing goes any more whether it is still there (RFC 6455
/// §5.5.2). Not while anything goes: a client that reads as slowly as it plays finds the question late, and
/// one that is gone is noticed by what it does not take. The upstream is not asked: to some of its endpoints
/// pings are activity, so that it would never end what idles (contract §6, §13.8); TCP watches over it.
class heartbeat {
public:
    /// All must outlive the object. `every`: how long a silence may last before the question, and then before
    /// the answer; 0: nobody is asked.
    heartbeat(
        deadlines& wheel,
        waker& owner,
        std::chrono::milliseconds every,
        certs::random_source const& random) noexcept;

    /// Something has gone either way. The timer goes on: it looks at the time of this when it passes.
    void heard() noexcept
    {
        heard_at_ = wheel_.now();
        asked_ = false;
    }
    /// When nothing more has come: asks by way of `down`, between two frames, when it is time; `up` takes the
    /// answer out of what passes. True when the question has found no answer.
    [[nodiscard]] bool over(frame_pump& up, frame_pump& down, wire::tls_stream& client);

private:
    deadlines& wheel_;
    deadline timer_;
    std::chrono::milliseconds every_;
    certs::random_source const& random_;
    std::chrono::steady_clock::time_point heard_at_;
    bool asked_ = false;
};

} // namespace gateway::relay
