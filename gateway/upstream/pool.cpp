#include "gateway/upstream/pool.hpp"

#include "gateway/upstream/stagger.hpp"
#include "gateway/wire/keep_alive.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace gateway::upstream {

namespace {

using namespace std::chrono_literals;

constexpr auto demand_half_life = 30s;

/// How often idle links are looked at, to see whether their time is over.
milliseconds tending_every(upstream_config const& config) noexcept
{
    return std::clamp<milliseconds>(milliseconds{config.idle_for} / 10, 250ms, 5s);
}

int begin_connect(boost::asio::ip::tcp::endpoint const& to, limits_config const& limits) noexcept
{
    auto const descriptor =
        socket(to.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) return -1;
    wire::keep_alive(descriptor, limits);
    auto const size = static_cast<socklen_t>(to.size());
    if (::connect(descriptor, to.data(), size) == 0 || errno == EINPROGRESS) return descriptor;
    ::close(descriptor);
    return -1;
}

} // namespace

pool::pool(
    wire::readiness& set,
    wake_queue& wakes,
    deadlines& wheel,
    upstream_config const& config,
    limits_config const& limits,
    published<certs::context_ptr> const& trusted,
    published<addresses> const& where,
    std::function<double()> random)
    : set_(&set),
      wheel_(&wheel),
      config_(&config),
      limits_(&limits),
      trusted_(trusted),
      where_(where),
      random_(std::move(random)),
      sessions_(trusted.latest()->get(), config.expected_name()),
      demand_(demand_half_life),
      wake_(wakes)
{
}

void end_of_lease::operator()(link* over) const noexcept
{
    over->tls.close_notify();
    delete over; // NOLINT(cppcoreguidelines-owning-memory): this is the owner's deleter
    --from->open_;
}

lease pool::take_idle(waker& owner)
{
    demand_.taken(wheel_->now());
    if (opener_ && idle_.size() <= std::max<std::size_t>(config_->warm.connections_min, 1)) opener_->wake();
    while (!idle_.empty()) {
        auto newest = std::move(idle_.back());
        idle_.pop_back();
        if (is_over(*newest)) continue;
        newest->socket.wake(&owner);
        newest->reused = true;
        newest->carried = true;
        return newest;
    }
    return {};
}

task<connected>
pool::dial(boost::asio::ip::tcp::endpoint to, waker& owner, deadline& timer, wire::socket const* client)
{
    connected result;
    result.why = connect_failure::refused;
    auto const descriptor = begin_connect(to, *limits_);
    if (descriptor < 0) co_return result;
    auto made = lease(new link(*set_, descriptor, owner, trusted_.get().get()), end_of_lease{this});
    ++open_;
    if (!made->socket.open()) co_return result;
    if (!sessions_.prepare(made->tls.native(), made->sessions, wheel_->now())) co_return result;

    auto over = wire::progress::blocked;
    while (over == wire::progress::blocked) {
        auto const error = made->socket.connect_error();
        if (error > 0) co_return result;
        if (error == 0) over = made->tls.handshake();
        if (over != wire::progress::blocked) break;
        co_await owner.next();
        if ((client && client->peer_closed()) || timer.passed()) {
            result.why = timer.passed() ? connect_failure::timeout : connect_failure::given_up;
            co_return result;
        }
    }
    result.why = connect_failure::tls;
    if (over != wire::progress::moved) co_return result;
    sessions_.settle(made->tls.native(), made->sessions);
    ++(made->tls.resumed() ? counts_.resumed_handshakes : counts_.full_handshakes);
    made->may_idle_for = staggered(config_->idle_for, random_());
    result.to = std::move(made);
    co_return result;
}

task<connected> pool::connect(waker& owner, wire::socket const* client)
{
    connected result;
    if (open_ >= config_->connections_max) {
        result.why = connect_failure::too_many;
        co_return result;
    }
    auto const known = where_.get();
    deadline timer(*wheel_, owner);
    timer.arm(limits_->upstream_connect);
    for (auto const& to : known) {
        result = co_await dial(to, owner, timer, client);
        if (result.to || result.why == connect_failure::given_up || timer.passed()) break;
    }
    co_return result;
}

void pool::give_back(lease done)
{
    demand_.returned(wheel_->now());
    done->carried = true;
    keep(std::move(done));
}

void pool::keep_ahead(lease fresh)
{
    ++counts_.opened_ahead;
    keep(std::move(fresh));
}

void pool::trust_anew()
{
    sessions_.begin_anew(trusted_.get().get());
    idle_.clear();
}

void pool::cool_down() noexcept
{
    cooling_down_ = true;
    idle_.clear();
}

void pool::keep(lease idle)
{
    if (cooling_down_ || idle_.size() >= config_->idle_max || !trusts(*idle)) return;
    idle->idle_until = wheel_->now() + idle->may_idle_for;
    idle->socket.wake(&wake_);
    idle_.push_back(std::move(idle));
}

/// Those that are about to be dropped are not counted, so that their successors are there before they go.
bool pool::lacks() const noexcept
{
    auto const& warm = config_->warm;
    if (warm.connections_max == 0 || cooling_down_) return false;
    if (idle_.size() >= config_->idle_max || open_ >= config_->connections_max) return false;
    auto const now = wheel_->now();
    auto const staying = std::ranges::count_if(
        idle_, [&](auto const& idle) { return idle->idle_until > now + 2 * tending_every(*config_); });
    auto const wanted = std::clamp(demand_.at_hand(now), warm.connections_min, warm.connections_max);
    return static_cast<std::size_t>(staying) < wanted;
}

bool pool::is_over(link& idle) noexcept
{
    if (still_quiet(idle)) return false;
    if (!idle.carried) ++counts_.lost_unused;
    return true;
}

task<> pool::tend()
{
    deadline round(*wheel_, wake_);
    for (;;) {
        round.arm(tending_every(*config_));
        co_await wake_.next();
        auto const now = wheel_->now();
        std::erase_if(idle_, [&](auto const& idle) { return idle->idle_until <= now || is_over(*idle); });
    }
}

} // namespace gateway::upstream
