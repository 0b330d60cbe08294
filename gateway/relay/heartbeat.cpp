#include "gateway/relay/heartbeat.hpp"

namespace gateway::relay {

heartbeat::heartbeat(
    deadlines& wheel,
    waker& owner,
    std::chrono::milliseconds every,
    certs::random_source const& random) noexcept
    : timer_(wheel, owner), every_(every), random_(random)
{
}

void heartbeat::wait() noexcept
{
    if (silent_ || every_.count() == 0) return;
    silent_ = true;
    timer_.arm(every_);
}

bool heartbeat::over(frame_pump& up, frame_pump& down, wire::tls_stream& client)
{
    if (!silent_ || !timer_.passed()) return false;
    if (asked_) return true;
    timer_.arm(every_);
    if (!down.at_boundary()) return false;
    wire::ping_payload payload{};
    random_(payload);
    up.expect_pong(payload);
    down.put(wire::make_ping(payload), client);
    asked_ = true;
    return false;
}

} // namespace gateway::relay
