#pragma once
#include <chrono>

namespace gateway::upstream {

/// `time`, cut by up to a fifth: what was opened together does not have to be opened anew together. `random`
/// is in [0, 1).
[[nodiscard]] inline std::chrono::milliseconds
staggered(std::chrono::milliseconds time, double random) noexcept
{
    constexpr double most = 0.2;
    return std::chrono::duration_cast<std::chrono::milliseconds>(time * (1 - most * random));
}

} // namespace gateway::upstream
