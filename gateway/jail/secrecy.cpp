#include "gateway/jail/secrecy.hpp"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace gateway::jail {

namespace {

struct range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
};

/// The line `55e4c0a2b000-55e4c0a4c000 rw-p … [heap]` of proc(5)'s maps, if the allocator has one.
std::optional<range> find_heap(std::istream& maps)
{
    for (std::string line; std::getline(maps, line);) {
        if (!line.ends_with("[heap]")) continue;
        range heap;
        auto const* const end = line.data() + line.size();
        auto const first = std::from_chars(line.data(), end, heap.begin, 16);
        std::from_chars(first.ptr + 1, end, heap.end, 16);
        return heap;
    }
    return std::nullopt;
}

} // namespace

void forbid_dumps() noexcept
{
    prctl(PR_SET_DUMPABLE, 0);
    rlimit const none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

void forbid_new_privileges() noexcept { prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

heap_pin::heap_pin() : maps_("/proc/self/maps")
{
    rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0 || getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_MEMLOCK, &limit);
}

std::error_code heap_pin::renew()
{
    maps_.clear();
    maps_.seekg(0);
    auto const heap = find_heap(maps_);
    if (!heap) return {};
    auto* const begin = reinterpret_cast<void*>(heap->begin); // NOLINT(performance-no-int-to-ptr)
    if (mlock(begin, heap->end - heap->begin) == 0) return {};
    return {errno, std::generic_category()};
}

} // namespace gateway::jail
