#pragma once
#include <chrono>
#include <cstddef>

namespace gateway::upstream {

/// How many of a thing are asked for at once, in recent times. What is out counts less the longer it is out:
/// a WebSocket that lasts an hour says nothing of how many are asked for together. The peak fades with a
/// half-life. Pure: the time is an argument, and never goes back.
class demand {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit demand(std::chrono::milliseconds half_life) noexcept : half_life_(half_life) {}

    void taken(time_point now) noexcept;
    void returned(time_point now) noexcept; ///< one that was taken is at hand again

    /// The most that were out at once, faded and rounded.
    [[nodiscard]] std::size_t peak(time_point now) const noexcept;
    /// How many should be at hand now, so that the peak could come again.
    [[nodiscard]] std::size_t at_hand(time_point now) const noexcept;

private:
    void move_to(time_point now) noexcept;
    [[nodiscard]] double out_at(time_point now) const noexcept;
    [[nodiscard]] double peak_at(time_point now) const noexcept;

    std::chrono::milliseconds half_life_;
    double out_ = 0;
    double peak_ = 0;
    time_point at_{}; ///< when the two were true
};

} // namespace gateway::upstream
