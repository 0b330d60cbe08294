#include "gateway/edge/desk.hpp"

#include "gateway/base/random_seed.hpp"

#include <chrono>

namespace gateway::edge {

desk::desk(surroundings const& all, std::shared_ptr<generation const> first)
    : around(all), server_tls(all.server_tls), revoked(all.revoked.list()), ids(random_seed(all.random))
{
    put_in_force(std::move(first));
}

void desk::put_in_force(std::shared_ptr<generation const> next)
{
    auto from = in_force ? in_force->from : nullptr;
    if (!from || !from->serves(*next)) {
        boost::intrusive_ptr<supply> fresh(
            new supply(*this, around, next->upstream, next->configuration.limits));
        supplies.push_back(*fresh);
        if (from) from->cool_down();
        from = std::move(fresh); // the terms that go hold theirs longer than we do
    }
    in_force = new terms(*this, around, std::move(next), std::move(from));
}

void desk::run_turn(std::chrono::milliseconds patience)
{
    sockets.note_events(idle() ? patience : std::chrono::milliseconds{0});
    wakes.run();
    if (handshake_may_begin()) handshakes.run_one();
}

policy::seconds_since_epoch wall_clock() noexcept
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace gateway::edge
