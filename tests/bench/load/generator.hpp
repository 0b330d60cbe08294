#pragma once
#include "tests/bench/load/connection.hpp"
#include "tests/bench/load/processor_times.hpp"

#include <deque>
#include <vector>

namespace bench::load {

/// The time that was measured, and what was spent in it.
struct measurement {
    nanoseconds lasted{};
    processor_times spent;
};

/// Opens the connections and keeps them busy, all on this thread. The load is a closed loop: each connection
/// has one request under way.
class generator {
public:
    explicit generator(options const& given);

    /// Warms up, measures, stops.
    [[nodiscard]] measurement run();
    /// Opens idle connections, calls `all_open` when they are, and holds them. Says how many were open at the
    /// end.
    template <class Function>
    [[nodiscard]] std::size_t run_idle(Function all_open)
    {
        auto const given_up_at = clock::now() + idle_patience;
        while (settled_ < given_.connections && clock::now() < given_up_at && !hopeless())
            turn(turn_max);
        if (settled_ == given_.connections) all_open();
        auto const released_at = clock::now() + std::chrono::duration_cast<nanoseconds>(given_.hold);
        while (clock::now() < released_at)
            turn(turn_max);
        return settled_;
    }

    [[nodiscard]] statistics& counts() { return counts_; }

private:
    static constexpr nanoseconds turn_max = std::chrono::milliseconds{20};
    static constexpr nanoseconds idle_patience = std::chrono::seconds{60};

    void run_until(instant end);
    void turn(nanoseconds time);
    void open_more();
    void follow(connection& one, step next);
    void keep_appointments();
    [[nodiscard]] bool hopeless() const;

    options const& given_;
    script texts_;
    tls_context tls_;
    poller sockets_;
    timers<appointment> later_;
    statistics counts_;
    std::vector<char> scratch_;
    std::deque<connection> connections_;
    std::size_t settled_ = 0;
};

} // namespace bench::load
