#include "tests/bench/instructions/clock.hpp"

#include "tests/bench/samples.hpp"

#include <atomic>
#include <ctime>

namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

// The one variable of the program that is global: what it stands for, the time, is so too.
std::atomic<std::int64_t> nanoseconds_since_epoch{
    bench::now.time_since_epoch().count() * nanoseconds_per_second};

} // namespace

void bench::stopped_clock::move(std::chrono::nanoseconds by) noexcept
{
    nanoseconds_since_epoch += by.count();
}

extern "C" int clock_gettime(clockid_t, timespec* out) noexcept
{
    auto const time = nanoseconds_since_epoch.load();
    out->tv_sec = time / nanoseconds_per_second;
    out->tv_nsec = time % nanoseconds_per_second;
    return 0;
}
