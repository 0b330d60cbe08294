#include "gateway/edge/supply.hpp"

#include <algorithm>

namespace gateway::edge {

namespace {

/// For jitter. `random` must outlive what is returned.
std::function<double()> fractions_of(certs::random_source const& random)
{
    return [&random] { return certs::random_fraction(random); };
}

std::size_t window_for(limits_config const& limits) noexcept
{
    return std::max({limits.relay_window_bytes, 2 * limits.response_head_bytes, limits.head_bytes});
}

} // namespace

supply::supply(
    loop& at, surroundings const& all, std::shared_ptr<upstream_side const> to, limits_config const& limits)
    : loop_(at),
      to_(std::move(to)),
      limits_(limits),
      memory(window_for(limits)),
      pool(
          at.sockets,
          at.wakes,
          at.wheel,
          to_->configuration,
          limits_,
          to_->trust,
          to_->addresses,
          fractions_of(all.random)),
      held(at.wakes, at.wheel, to_->configuration.warm, to_->credentials, all.random),
      credentials(to_->credentials),
      keeper(to_->keeper),
      authority(write_authority(to_->configuration.expected_name(), to_->configuration.port, 443)),
      warm_(pool, at.wakes, at.wheel, fractions_of(all.random)),
      opener_(held, {limits_, at.wheel, pool, memory, {}}, all.random)
{
}

supply::~supply() { note_counts(); }

bool supply::serves(generation const& next) const noexcept
{
    return next.upstream == to_ && next.configuration.limits == limits_;
}

void supply::start()
{
    if (!chores_.empty()) return;
    chores_.push_back(pool.tend());
    chores_.push_back(warm_.keep());
    chores_.push_back(opener_.keep());
    for (auto const& chore : chores_)
        chore.start();
}

void supply::cool_down()
{
    held.cool_down();
    pool.cool_down();
}

void supply::trust_anew()
{
    held.drop_all();
    pool.trust_anew();
}

void supply::note_counts() noexcept
{
    auto const& counts = pool.counts();
    auto& to = loop_.metrics;
    to.upstream_handshakes_full.add(counts.full_handshakes - noted_.full_handshakes);
    to.upstream_handshakes_resumed.add(counts.resumed_handshakes - noted_.resumed_handshakes);
    to.upstream_opened_ahead.add(counts.opened_ahead - noted_.opened_ahead);
    noted_ = counts;
}

} // namespace gateway::edge
