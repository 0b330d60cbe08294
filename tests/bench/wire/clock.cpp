#include "tests/bench/wire/clock.hpp"

#include <ctime>

namespace bench {

nanoseconds processor_time(pid_t process)
{
    clockid_t id{};
    timespec used{};
    if (clock_getcpuclockid(process, &id) != 0 || clock_gettime(id, &used) != 0) return {};
    return std::chrono::seconds{used.tv_sec} + nanoseconds{used.tv_nsec};
}

} // namespace bench
