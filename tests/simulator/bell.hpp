/// A condition variable for coroutines of one thread: wait in a loop around the condition, ring on change.
#pragma once

#include "tests/simulator/asio.hpp"

#include <list>

namespace simulator {

class bell {
public:
    explicit bell(net::any_io_executor on);

    /// Comes back when the bell rings or at `deadline`.
    net::awaitable<void> wait_until(steady::time_point deadline);
    net::awaitable<void> wait();

    void ring();

private:
    net::any_io_executor on_;
    std::list<net::steady_timer*> waiting_;
};

} // namespace simulator
