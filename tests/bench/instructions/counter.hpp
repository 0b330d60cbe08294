#pragma once
#include <valgrind/callgrind.h>

/// What callgrind is told. Without callgrind all of it does nothing, and the program runs at its own pace.
namespace bench {

/// Counts while it lives, if it is to. Callgrind begins with counting switched off (`--collect-atstart=no`).
class counted {
public:
    explicit counted(bool really) noexcept : really_(really) { toggle(); }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { toggle(); }

private:
    void toggle() const noexcept
    {
        if (really_) CALLGRIND_TOGGLE_COLLECT;
    }

    bool really_;
};

/// Writes what has been counted since the last call under this name, and begins at 0.
inline void write_count(char const* part) noexcept { CALLGRIND_DUMP_STATS_AT(part); }

} // namespace bench
