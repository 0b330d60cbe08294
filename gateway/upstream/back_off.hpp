#pragma once
#include "gateway/upstream/credential_renewal.hpp"

#include <functional>

namespace gateway::upstream {

/// How long to leave an upstream alone that refuses what is not urgent: 0.5 s, doubling up to 30 s, less
/// jitter. Failures are forgotten after a minute without one. Pure: the time is an argument.
class back_off {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `random` gives numbers in [0, 1).
    explicit back_off(std::function<double()> random) : random_(std::move(random)) {}

    void failed(time_point now)
    {
        if (now - last_ >= 2 * rules_.retry_most) failures_ = 0;
        last_ = now;
        until_ = now + retry_after(++failures_, rules_, random_());
    }
    /// How long nothing is to be tried; 0: go on.
    [[nodiscard]] std::chrono::milliseconds rest(time_point now) const noexcept
    {
        return now >= until_ ? std::chrono::milliseconds{0}
                             : std::chrono::ceil<std::chrono::milliseconds>(until_ - now);
    }

private:
    std::function<double()> random_;
    renewal rules_{};
    unsigned failures_ = 0; ///< in a row
    time_point last_{};
    time_point until_{};
};

} // namespace gateway::upstream
