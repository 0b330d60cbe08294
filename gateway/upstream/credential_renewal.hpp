#pragma once
#include <chrono>

namespace gateway::upstream {

/// When access tokens are renewed and failures are tried again.
struct renewal {
    double at = 0.8;     ///< fraction of a token's life after which it is renewed
    double jitter = 0.1; ///< less up to this fraction, so that many gateways do not mint at once
    std::chrono::milliseconds retry_first{500};
    std::chrono::milliseconds retry_most{30'000};
    std::chrono::milliseconds deadline{10'000}; ///< for an attempt
    std::chrono::milliseconds rejected_most_every{
        5'000}; ///< a token this young is not given up because of a 401
};

/// How long after it was asked for a token is renewed. `random` is in [0, 1).
[[nodiscard]] std::chrono::steady_clock::duration
renew_after(std::chrono::seconds lifetime, renewal const& rules, double random) noexcept;

/// How long to wait after the `failures`th failure in a row, counted from 1: doubling, bounded, less jitter.
[[nodiscard]] std::chrono::steady_clock::duration
retry_after(unsigned failures, renewal const& rules, double random) noexcept;

} // namespace gateway::upstream
