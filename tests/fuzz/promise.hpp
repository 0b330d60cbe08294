#pragma once
#include <cstdio>
#include <cstdlib>

namespace fuzz {

/// Ends the run when a promise is broken. Says which one, and shows none of the bytes.
inline void promise(bool kept, char const* what) noexcept
{
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

} // namespace fuzz
