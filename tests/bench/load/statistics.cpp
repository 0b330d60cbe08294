#include "tests/bench/load/statistics.hpp"

#include <algorithm>
#include <limits>

namespace bench::load {

void latencies::add(nanoseconds time)
{
    constexpr nanoseconds most{
        std::numeric_limits<std::uint32_t>::max()}; // 4 s: all that is longer is as bad
    values_.push_back(static_cast<std::uint32_t>(std::clamp(time, nanoseconds{0}, most).count()));
}

double latencies::microseconds(double fraction)
{
    if (values_.empty()) return 0;
    auto const wanted = static_cast<std::size_t>(static_cast<double>(values_.size()) * fraction);
    auto const at = values_.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, values_.size() - 1));
    std::nth_element(values_.begin(), at, values_.end());
    return *at / 1e3;
}

void statistics::operation_took(nanoseconds time)
{
    operation();
    latency(time);
}

void statistics::operation()
{
    if (measuring_) ++operations;
}

void statistics::latency(nanoseconds time)
{
    if (measuring_) times.add(time);
}

void statistics::first_latency(nanoseconds time)
{
    if (measuring_) first_times.add(time);
}

void statistics::received(std::size_t n)
{
    if (measuring_) bytes += n;
}

void statistics::read()
{
    if (measuring_) ++reads;
}

void statistics::events_in_one_read(std::uint64_t n)
{
    if (!measuring_) return;
    events += n;
    if (n > 1) events_that_shared_a_read += n;
}

void statistics::event()
{
    if (measuring_) ++events;
}

void statistics::answered(int status)
{
    if (measuring_) ++answers[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))];
}

void statistics::shook_hands(bool resumed)
{
    if (!measuring_) return;
    ++handshakes;
    if (resumed) ++resumptions;
}

void statistics::failed(std::string const& reason)
{
    ++failures;
    ++reasons[reason];
    if (measuring_) ++failures_measured;
}

} // namespace bench::load
