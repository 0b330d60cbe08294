#pragma once
#include <chrono>

/// The program's clock stands still unless it is moved: what is counted must not depend on how long it takes.
/// It takes the place of the C library's `clock_gettime`, on which both C++ clocks rest.
namespace bench::stopped_clock {

void move(std::chrono::nanoseconds by) noexcept;

} // namespace bench::stopped_clock
