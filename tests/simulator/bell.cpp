#include "tests/simulator/bell.hpp"

#include <cstdio>
#include <exception>

namespace simulator {
namespace {

/// Takes itself off the list, also when its coroutine is destroyed while it waits.
struct place {
    place(std::list<net::steady_timer*>& among, net::steady_timer& timer)
        : list{among}, at{list.insert(list.end(), &timer)}
    {
    }
    ~place() { list.erase(at); }
    place(place const&) = delete;
    place& operator=(place const&) = delete;

    std::list<net::steady_timer*>& list;
    std::list<net::steady_timer*>::iterator at;
};

} // namespace

void report_throw(std::exception_ptr thrown)
{
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "cartesia-sim: a coroutine threw: %s\n", e.what());
    }
}

bell::bell(net::any_io_executor on) : on_{std::move(on)} {}

net::awaitable<void> bell::wait_until(steady::time_point deadline)
{
    net::steady_timer timer{on_, deadline};
    place const here{waiting_, timer};
    co_await timer.async_wait(tuple);
}

net::awaitable<void> bell::wait() { return wait_until(steady::time_point::max()); }

void bell::ring()
{
    for (auto* const timer : waiting_)
        timer->cancel();
}

} // namespace simulator
