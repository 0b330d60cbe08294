#include "tests/bench/load/generator.hpp"

#include <algorithm>

namespace bench::load {

namespace {

constexpr std::size_t scratch_bytes = 128UL * 1024;
constexpr std::uint64_t failures_max = 20'000;
constexpr nanoseconds before_another_try = std::chrono::milliseconds{20};
constexpr nanoseconds longest_measurement = std::chrono::minutes{2};

} // namespace

generator::generator(options const& given)
    : given_(given), texts_(given), tls_(make_client_context()), scratch_(scratch_bytes)
{
    SSL_CTX_sess_set_new_cb(tls_.get(), connection::keep_ticket);
}

measurement generator::run()
{
    run_until(clock::now() + std::chrono::duration_cast<nanoseconds>(given_.warm_up));

    auto const began = clock::now();
    auto const before = read_processor_times(given_);
    counts_.measure(true);
    run_until(began + std::chrono::duration_cast<nanoseconds>(given_.duration));
    while (counts_.operations < given_.operations_min && clock::now() < began + longest_measurement &&
           !hopeless())
        turn(turn_max);
    counts_.measure(false);
    auto spent = read_processor_times(given_);
    auto const lasted = clock::now() - began;

    spent.own -= before.own;
    for (std::size_t i = 0; i < spent.watched.size(); ++i)
        spent.watched[i] -= before.watched[i];
    return {lasted, std::move(spent)};
}

void generator::run_until(instant end)
{
    for (auto now = clock::now(); now < end && !hopeless(); now = clock::now())
        turn(std::min(turn_max, nanoseconds(end - now)));
}

/// Waits for at most `time`, then does all that has come up.
void generator::turn(nanoseconds time)
{
    open_more();
    auto const left = later_.time_left(clock::now());
    for (auto const& event : sockets_.wait(left ? std::min(time, *left) : time)) {
        auto& one = *static_cast<connection*>(event.data.ptr);
        follow(one, one.ready(event.events));
    }
    keep_appointments();
}

/// A few at a time: a proxy's backlog is not what is measured.
void generator::open_more()
{
    if (connections_.size() == given_.connections) return;
    std::ptrdiff_t const under_way_max = is_idle(given_.kind) ? 32 : 64;
    auto under_way = std::ranges::count_if(connections_, &connection::under_way);
    for (; connections_.size() < given_.connections && under_way < under_way_max; ++under_way) {
        auto& one = connections_.emplace_back(
            connections_.size(),
            surroundings{given_, texts_, tls_.get(), sockets_, later_, counts_, scratch_});
        follow(one, one.open(clock::now()));
    }
}

void generator::follow(connection& one, step next)
{
    switch (next) {
    case step::go_on:
        return;
    case step::settle:
        one.settle();
        ++settled_;
        return;
    case step::reopen:
        one.close();
        follow(one, one.open(clock::now()));
        return;
    case step::fail:
        break;
    }
    auto const was_idle = one.settled();
    one.close();
    if (was_idle)
        --settled_;
    else
        one.wake_at(clock::now() + before_another_try);
}

void generator::keep_appointments()
{
    auto const now = clock::now();
    while (auto const made = later_.take_due(now)) {
        auto& one = *made->with;
        if (!one.still_in(*made)) continue;
        follow(one, one.closed() ? one.open(now) : one.due(now));
    }
}

bool generator::hopeless() const { return counts_.failures > failures_max; }

} // namespace bench::load
