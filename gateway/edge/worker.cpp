#include "gateway/edge/worker.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

namespace gateway::edge {

namespace net = boost::asio;

worker::worker(surroundings const& all, std::vector<door> doors)
    : busy_(net::make_work_guard(loop_)), sockets_(loop_), ticks_(loop_), desk_(all), doors_(std::move(doors))
{
    sockets_.assign(dup(desk_.sockets.descriptor()));
    for (auto const& where : doors_)
        accepting_.push_back(accept_at(where));
    chores_.push_back(desk_.pool.tend());
    chores_.push_back(desk_.warm.keep());
    chores_.push_back(desk_.opener.keep());
    desk_.ended = [this](connection& ended) {
        connections_.erase(connections_.iterator_to(ended));
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
    for (auto const& one : accepting_)
        one.start();
    for (auto const& chore : chores_)
        chore.start();
    watch_sockets();
    tick();
    loop_.run();
    hand_over_log();
}

void worker::watch_sockets()
{
    sockets_.async_wait(
        net::posix::stream_descriptor::wait_read, [this](boost::system::error_code const& error) {
            if (error) return;
            turn();
            watch_sockets();
        });
}

/// One turn of everyone concerned; then who has ended is buried.
void worker::turn()
{
    auto const more = desk_.run_turn();
    over_.clear_and_dispose(std::default_delete<connection>());
    end_if_drained();
    if (more) net::post(loop_, [this] { turn(); });
}

void worker::tick()
{
    desk_.wheel.advance(std::chrono::steady_clock::now());
    turn();
    hand_over_log();
    note_pool();
    ticks_.expires_after(deadlines::tick);
    ticks_.async_wait([this](boost::system::error_code const& error) {
        if (!error) tick();
    });
}

void worker::note_pool() noexcept
{
    auto const& counts = desk_.pool.counts();
    desk_.metrics.upstream_idle.set(desk_.pool.idle());
    desk_.metrics.upstream_sockets_held.set(desk_.held.size());
    desk_.metrics.upstream_handshakes_full.set(counts.full_handshakes);
    desk_.metrics.upstream_handshakes_resumed.set(counts.resumed_handshakes);
    desk_.metrics.upstream_opened_ahead.set(counts.opened_ahead);
}

task<> worker::accept_at(door const& where)
{
    constexpr auto accepts_in_a_turn = 64;
    waker wake(desk_.wakes);
    deadline pause(desk_.wheel, wake);
    wire::watch events;
    events.owner = &wake;
    if (!desk_.sockets.add(where.at.descriptor(), events)) co_return;
    for (auto accepted = 1;; ++accepted) {
        std::string client;
        auto const descriptor = where.at.accept(client);
        if (descriptor >= 0) {
            open_connection(descriptor, std::move(client), where.tls);
            if (accepted % accepts_in_a_turn == 0) co_await wake.yield();
            continue;
        }
        // Out of descriptors the kernel tells nothing new when one is free again: look again after a while.
        if (descriptor == listener::out_of_means) pause.arm(std::chrono::milliseconds{250});
        co_await wake.next();
    }
}

void worker::open_connection(int descriptor, std::string client, bool tls)
{
    if (connections_.size() >= desk_.limits.connections || desk_.draining) {
        desk_.metrics.connections_refused.add();
        close(descriptor);
        return;
    }
    auto* const made =
        new connection(desk_, descriptor, std::move(client), tls); // NOLINT(cppcoreguidelines-owning-memory)
    connections_.push_front(*made);
    made->start();
}

void worker::end_if_drained()
{
    if (desk_.draining && connections_.empty()) stop();
}

void worker::drain()
{
    net::post(loop_, [this] {
        desk_.draining = true;
        accepting_.clear();
        desk_.held.cool_down();
        desk_.pool.cool_down();
        doors_.clear();
        for (auto& open : connections_)
            open.end(stream_end::draining);
        turn();
    });
}

void worker::stop()
{
    net::post(loop_, [this] { loop_.stop(); });
}

void worker::credentials_changed()
{
    net::post(loop_, [this] {
        for (auto& open : connections_)
            open.credentials_changed();
        turn();
    });
}

void worker::hand_over_log()
{
    if (desk_.log_lines_count == 0) return;
    desk_.around.log.write(std::move(desk_.log_lines), std::exchange(desk_.log_lines_count, 0));
    desk_.log_lines.clear();
}

} // namespace gateway::edge
