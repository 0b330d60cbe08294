#pragma once
#include "tests/bench/wire/clock.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bench::load {

/// Times, of which fractions can be asked for.
class latencies {
public:
    latencies() { values_.reserve(1U << 20U); } // so that none is moved while measuring

    void add(nanoseconds time);
    [[nodiscard]] double microseconds(double fraction); ///< 0.5: the median; 0 when there are none

private:
    std::vector<std::uint32_t> values_;
};

/// What happens while it is measured; what happens before or after is not counted.
class statistics {
public:
    void measure(bool on) { measuring_ = on; }

    void operation_took(nanoseconds time);
    void operation();
    void latency(nanoseconds time);
    void first_latency(nanoseconds time); ///< of a stream's first event; of a session ticket
    void received(std::size_t bytes);
    void read();
    void events_in_one_read(std::uint64_t n);
    void event();
    void answered(int status);
    void shook_hands(bool resumed);
    /// Counted by name even while nothing is measured: a proxy that fails at the start must show.
    void failed(std::string const& reason);

    std::uint64_t operations = 0;
    std::uint64_t bytes = 0;
    std::uint64_t reads = 0;
    std::uint64_t events = 0;
    std::uint64_t events_that_shared_a_read = 0;
    std::array<std::uint64_t, 6> answers{}; ///< by class of status
    std::uint64_t handshakes = 0;
    std::uint64_t resumptions = 0;
    std::uint64_t failures_measured = 0;
    std::uint64_t failures = 0;
    std::map<std::string, std::uint64_t> reasons;
    latencies times;
    latencies first_times;

private:
    bool measuring_ = false;
};

} // namespace bench::load
