#include "gateway/edge/worker.hpp"

#include "gateway/base/config_rules.hpp"

#include <algorithm>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

namespace gateway::edge {

namespace {
constexpr std::chrono::milliseconds out_of_means_pause{250};
// What is done about revocations before everyone else has had a turn: well under a millisecond.
constexpr std::size_t looked_at_in_a_turn = 512;
constexpr std::size_t ended_in_a_turn = 16;

/// The kernel gives the lowest number that is free.
int last_descriptor_for_clients() noexcept
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<int>::max();
    auto const last = limit.rlim_cur - limit.rlim_cur / upstream_share_of_descriptors;
    return static_cast<int>(std::min<rlim_t>(last, std::numeric_limits<int>::max()));
}

} // namespace

worker::worker(surroundings const& all, std::shared_ptr<generation const> first, std::vector<door> doors)
    : desk_(all, std::move(first)), doors_(std::move(doors)), last_for_clients_(last_descriptor_for_clients())
{
    for (auto const& where : doors_)
        accepting_.push_back(accept_at(where));
    chores_.push_back(run_errands());
    chores_.push_back(end_what_is_revoked());
    desk_.later = [this](std::function<void()> errand) { errands_.ask(std::move(errand)); };
    desk_.ended = [this](connection& ended) {
        auto const place = connections_.iterator_to(ended);
        if (to_look_at_ == place) ++to_look_at_;
        if (to_end_ == place) ++to_end_;
        connections_.erase(place);
        over_.push_front(ended);
    };
}

worker::~worker()
{
    over_.clear_and_dispose(std::default_delete<connection>());
    connections_.clear_and_dispose(std::default_delete<connection>());
}

void worker::run()
{
    using clock = std::chrono::steady_clock;
    for (auto const& one : accepting_)
        one.start();
    for (auto const& chore : chores_)
        chore.start();
    desk_.in_force->from->start();
    auto due = clock::now();
    while (!stopped_) {
        auto const now = clock::now();
        if (now >= due) {
            desk_.metrics.loop_lag.record(now - due);
            tick(now);
            due = now + deadlines::tick;
        }
        turn(std::chrono::ceil<std::chrono::milliseconds>(due - now));
    }
    hand_over_log();
    last_tick_.store(clock::time_point::max());
}

/// One turn of everyone concerned; then who has ended is buried.
void worker::turn(std::chrono::milliseconds patience)
{
    desk_.run_turn(patience);
    over_.clear_and_dispose(std::default_delete<connection>());
    if (desk_.closed && connections_.empty()) stopped_ = true;
}

void worker::tick(std::chrono::steady_clock::time_point now)
{
    desk_.wheel.advance(now);
    last_tick_.store(now, std::memory_order_relaxed);
    if (ending_) end_some(now);
    hand_over_log();
    note_pool();
}

task<> worker::run_errands()
{
    waker wake(desk_.wakes);
    wire::watch bell;
    bell.owner = &wake;
    if (!desk_.sockets.add_source(errands_.descriptor(), bell)) co_return;
    for (;;) {
        co_await wake.next();
        for (auto const& errand : errands_.take())
            errand();
    }
}

void worker::note_pool() noexcept
{
    auto& from = *desk_.in_force->from;
    from.note_counts();
    desk_.metrics.upstream_idle.set(from.pool.idle());
    desk_.metrics.upstream_sockets_held.set(from.held.size());
}

task<> worker::accept_at(door const& where)
{
    auto const at = where.at.descriptor();
    waker wake(desk_.wakes);
    deadline pause(desk_.wheel, wake);
    wire::watch events;
    events.owner = &wake;
    while (where.at.shared() ? desk_.sockets.add_shared(at, events) : desk_.sockets.add_source(at, events)) {
        auto accepted = listener::none_waiting;
        while (accepted != listener::out_of_means) {
            co_await wake.next();
            if (desk_.pressure == pressure::rests) break;
            accepted = accept_one(where);
            // The kernel tells whoever has waited for longest at a socket that several accept from.
            if (accepted >= 0 && where.at.shared() && !desk_.sockets.wait_anew(at, events)) break;
        }
        // Those who wait would be told of in each turn until a descriptor is free again, or memory is.
        desk_.sockets.remove(at);
        do {
            pause.arm(out_of_means_pause);
            co_await wake.next();
        } while (desk_.pressure == pressure::rests);
    }
}

/// As `listener::accept` says.
int worker::accept_one(door const& where)
{
    ip_address from;
    auto const accepted = where.at.accept(from);
    if (accepted < 0) return accepted;
    if (accepted > last_for_clients_) {
        desk_.metrics.connections_refused.add();
        close(accepted);
        return listener::out_of_means;
    }
    open_connection(accepted, from, where.tls);
    return accepted;
}

/// Whoever is refused is told nothing: before TLS there is no word that a client would understand.
void worker::open_connection(int descriptor, ip_address const& from, bool tls)
{
    if (connections_.size() >= desk_.in_force->limits.connections) {
        desk_.metrics.connections_refused.add();
        close(descriptor);
        return;
    }
    auto peer = desk_.around.guard.know(from);
    auto seat = desk_.seat_for(peer);
    if (!seat) {
        desk_.metrics.connections_refused_by_address.add();
        close(descriptor);
        return;
    }
    auto* const made = new connection( // NOLINT(cppcoreguidelines-owning-memory)
        desk_,
        descriptor,
        std::move(peer),
        std::move(*seat),
        tls);
    connections_.push_front(*made);
    made->start();
}

void worker::drain()
{
    errands_.ask([this] { desk_.draining = true; });
}

void worker::turn_newcomers_away()
{
    errands_.ask([this] {
        for (auto const& where : doors_)
            where.at.turn_newcomers_away();
    });
}

void worker::close_doors()
{
    errands_.ask([this] {
        desk_.draining = true;
        desk_.closed = true;
        // While other descriptors of a socket are open, closing this one would not end the watch.
        for (auto const& where : doors_)
            desk_.sockets.remove(where.at.descriptor());
        accepting_.clear();
        for (auto const& where : doors_)
            let_in_who_waits(where);
        doors_.clear();
        desk_.in_force->from->cool_down();
        for (auto& open : connections_)
            open.look_up();
    });
}

/// The kernel has told them that they are connected, and a close would reset them. At a socket of several,
/// others may not be told of those of whom we were.
void worker::let_in_who_waits(door const& where)
{
    while (accept_one(where) >= 0) {
    }
}

void worker::end_streams(std::chrono::milliseconds spread)
{
    errands_.ask([this, spread] {
        auto const now = std::chrono::steady_clock::now();
        ending_.emplace(connections_.size(), now, spread);
        to_end_ = connections_.begin();
        end_some(now);
    });
}

void worker::end_some(std::chrono::steady_clock::time_point now)
{
    for (auto due = ending_->due(now); due > 0 && to_end_ != connections_.end(); --due)
        (to_end_++)->end(stream_end::draining);
}

void worker::stop()
{
    errands_.ask([this] { stopped_ = true; });
}

void worker::credentials_changed()
{
    errands_.ask([this] {
        for (auto& open : connections_)
            open.credentials_changed();
    });
}

void worker::trust_changed()
{
    errands_.ask([this] {
        for (auto& one : desk_.supplies)
            one.trust_anew();
    });
}

void worker::put_in_force(std::shared_ptr<generation const> next)
{
    errands_.ask([this, next = std::move(next)]() mutable { take(std::move(next)); });
}

/// A drain has closed what would be opened here again.
void worker::take(std::shared_ptr<generation const> next)
{
    if (desk_.draining) return;
    for (auto const& where : doors_)
        where.at.keep_alive(next->configuration.limits);
    desk_.put_in_force(std::move(next));
    desk_.in_force->from->start();
}

void worker::press(pressure how)
{
    errands_.ask([this, how] { desk_.pressure = how; });
}

void worker::revocations_changed()
{
    errands_.ask([this] {
        revocations_are_new_ = true;
        revocations_wake_.wake();
    });
}

/// Looks through all connections after each change; one look may serve several. Connections that are opened
/// meanwhile come in front: what they ask for is judged by the new list.
task<> worker::end_what_is_revoked()
{
    for (;;) {
        while (!std::exchange(revocations_are_new_, false))
            co_await revocations_wake_.next();
        to_look_at_ = connections_.begin();
        while (to_look_at_ != connections_.end()) {
            end_some_revoked();
            co_await revocations_wake_.yield();
        }
    }
}

void worker::end_some_revoked()
{
    auto const& revoked = desk_.revoked.get();
    auto const now = wall_clock();
    std::size_t ended = 0;
    for (std::size_t i = 0; i < looked_at_in_a_turn && ended < ended_in_a_turn; ++i) {
        if (to_look_at_ == connections_.end()) return;
        auto& one = *to_look_at_++;
        if (one.end_if_revoked(revoked, now)) ++ended;
    }
}

void worker::hand_over_log()
{
    if (desk_.log_lines_count == 0) return;
    desk_.around.log.write(std::move(desk_.log_lines), std::exchange(desk_.log_lines_count, 0));
    desk_.log_lines.clear();
}

} // namespace gateway::edge
