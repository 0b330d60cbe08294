#pragma once
#include <atomic>
#include <chrono>

namespace gateway {

/// Lets something happen at most once in `every`. From any thread; the time is an argument.
class once_in {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit once_in(std::chrono::steady_clock::duration every) noexcept : every_(every) {}

    /// True for one caller, then for none until `every` is over.
    [[nodiscard]] bool allow(time_point now) noexcept
    {
        auto next = next_.load(std::memory_order_relaxed);
        return now >= next && next_.compare_exchange_strong(next, now + every_, std::memory_order_relaxed);
    }

private:
    std::chrono::steady_clock::duration every_;
    std::atomic<time_point> next_{time_point::min()};
};

} // namespace gateway
