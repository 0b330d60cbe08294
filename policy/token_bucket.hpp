#pragma once
#include <algorithm>
#include <chrono>

namespace policy {

/// A token bucket, of which one time is all that is kept: when it will be full again, if nothing more is
/// taken. A time that has passed, as one that was never set, is a full bucket. Pure: the time is an argument.
struct token_bucket {
    using time_point = std::chrono::steady_clock::time_point;

    unsigned burst = 0;                  ///< as many can be taken at once
    std::chrono::milliseconds refill{0}; ///< for one

    /// When it will be full, after one more was taken. What is taken from an empty one is no debt: it only
    /// starts the wait for the next one anew.
    [[nodiscard]] constexpr time_point taken(time_point full_at, time_point now) const noexcept
    {
        return std::min(std::max(full_at, now) + refill, now + burst * refill);
    }
    /// Until one can be taken; zero: now.
    [[nodiscard]] constexpr std::chrono::milliseconds wait(time_point full_at, time_point now) const noexcept
    {
        auto const left = full_at - full_less_one() - now;
        return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds{0});
    }
    /// A bucket is empty while its time lies further ahead than this.
    [[nodiscard]] constexpr std::chrono::milliseconds full_less_one() const noexcept
    {
        return (burst == 0 ? 0U : burst - 1) * refill;
    }
};

} // namespace policy
