/// For LD_PRELOAD: the wall clock, shifted by the nanoseconds that stand in the file VOICEGATE_SHIFTED_CLOCK
/// (8 bytes, as the machine has them). Every other clock is as it was. The file is mapped before the program
/// confines itself.
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t const volatile* map_shift()
{
    static std::int64_t const none = 0;
    auto const* const name = std::getenv("VOICEGATE_SHIFTED_CLOCK");
    auto const file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return &none;
    auto* const mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return mapped == MAP_FAILED ? &none : static_cast<std::int64_t const volatile*>(mapped);
}

using clock_function = int (*)(clockid_t, timespec*);

struct shifted {
    std::int64_t const volatile* by = map_shift();
    clock_function kernel = reinterpret_cast<clock_function>(dlsym(RTLD_NEXT, "clock_gettime"));

    [[nodiscard]] std::int64_t now() const
    {
        timespec at{};
        kernel(CLOCK_REALTIME, &at);
        return at.tv_sec * second + at.tv_nsec + *by;
    }
};

shifted const& wall()
{
    static shifted const one;
    return one;
}

[[gnu::constructor]] void map_early() { (void)wall(); }

} // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* at) noexcept
{
    if (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE) return wall().kernel(which, at);
    auto const now = wall().now();
    *at = {now / second, now % second};
    return 0;
}

int gettimeofday(timeval* at, void*) noexcept
{
    auto const now = wall().now();
    *at = {now / second, now % second / 1'000};
    return 0;
}

time_t time(time_t* at) noexcept
{
    auto const now = wall().now() / second;
    if (at) *at = now;
    return now;
}

} // extern "C"
