#include "gateway/relay/heartbeat.hpp"

namespace gateway::relay {

heartbeat::heartbeat(
    deadlines& wheel,
    waker& owner,
    std::chrono::milliseconds every,
    certs::random_source const& random) noexcept
    : wheel_(wheel), timer_(wheel, owner), every_(every), random_(random), heard_at_(wheel.now())
{
    if (every_.count() != 0) timer_.arm(every_);
}

bool heartbeat::over(frame_pump& up, frame_pump& down, wire::tls_stream& client)
{
    if (!timer_.passed()) return false;
    if (asked_) return true;
    auto const rest = heard_at_ + every_ - wheel_.now();
    auto const is_silent = rest <= rest.zero();
    timer_.arm(is_silent ? every_ : std::chrono::ceil<std::chrono::milliseconds>(rest));
    if (!is_silent || !down.at_boundary()) return false;
    wire::ping_payload payload{};
    random_(payload);
    up.expect_pong(payload);
    down.put(wire::make_ping(payload), client);
    asked_ = true;
    return false;
}

} // namespace gateway::relay
