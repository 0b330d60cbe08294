#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/shared_expiries.hpp"
#include "policy/seeded_hash.hpp"

#include <chrono>
#include <string_view>

namespace gateway::edge {

/// Tokens of Cartesia's that Cartesia refused with 401, for `limits.rejected_for`: a forged one reaches the
/// upstream once, however often it comes. Kept is a keyed hash of the whole token, by which nobody can have
/// another's token refused. While there is none, asking costs the look at one number. Safe from every thread.
class rejected_tokens {
public:
    using time_point = shared_expiries::time_point;

    rejected_tokens(limits_config const& limits, policy::hash_seed const& seed)
        : hash_(seed), for_(limits.rejected_for), until_(limits.failure_entries)
    {
    }

    [[nodiscard]] bool has(std::string_view token, time_point now) const
    {
        return now < until_.latest() && now < until_.until(hash_(token));
    }
    void note(std::string_view token, time_point now)
    {
        until_.change(hash_(token), [&](time_point) { return now + for_; });
    }

private:
    policy::seeded_hash hash_;
    std::chrono::milliseconds for_;
    shared_expiries until_;
};

} // namespace gateway::edge
