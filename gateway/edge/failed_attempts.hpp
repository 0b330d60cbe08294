#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/shared_expiries.hpp"
#include "policy/token_bucket.hpp"

#include <chrono>
#include <cstdint>

namespace gateway::edge {

/// How often each address may still fail to authenticate: a token bucket for each that failed of late. Only a
/// failure writes; while no address has to wait, asking costs the look at one number. Safe from every thread.
///
/// While an address has to wait, what it shows is refused untried, with 429 and the time until the next try.
/// Else each try would tell whether the guess was right. But behind one address there may be a whole company,
/// of which one machine fails all the time; so whoever shows a credential that was made or good here before
/// is served as ever (session/proven_credentials.hpp): that is no guess. Only who comes with one that is new
/// to this process, such as a token that the app has just signed, waits: for as long as the 429 says, which
/// clients do by themselves, and for as long as the other machine goes on.
class failed_attempts {
public:
    using time_point = policy::token_bucket::time_point;

    explicit failed_attempts(limits_config const& limits)
        : bucket_{limits.failures, limits.failure_refill}, full_at_(limits.failure_entries)
    {
    }

    /// `address`: as `sender::key` has it. Zero: it need not wait.
    [[nodiscard]] std::chrono::milliseconds wait(std::uint64_t address, time_point now) const
    {
        if (now + bucket_.full_less_one() >= full_at_.latest()) return {};
        return bucket_.wait(full_at_.until(address), now);
    }
    void note(std::uint64_t address, time_point now)
    {
        if (bucket_.burst == 0) return; // they are not counted
        full_at_.change(address, [&](time_point full_at) { return bucket_.taken(full_at, now); });
    }

private:
    policy::token_bucket bucket_;
    shared_expiries full_at_;
};

} // namespace gateway::edge
