/// Time as both programs tell it to each other: the system's monotonic clock.
#pragma once
#include <chrono>
#include <sys/types.h>

namespace bench {

using nanoseconds = std::chrono::nanoseconds;
using clock = std::chrono::steady_clock;
using instant = clock::time_point;

/// Processor time of a whole process, ended threads included; 0 when there is no such process.
[[nodiscard]] nanoseconds processor_time(pid_t process);

} // namespace bench
