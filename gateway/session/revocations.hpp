#pragma once
#include "gateway/base/published.hpp"
#include "policy/judge.hpp"
#include "policy/revocation.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

namespace gateway::session {

/// A token or session that is to be refused from now on.
struct revocation {
    policy::revoked_by what = policy::revoked_by::token_id;
    std::string id;
    policy::seconds_since_epoch until{};
    policy::vouched by = policy::vouched::verified;
};

/// What to enter so that this token, by itself, is good for nothing any more.
[[nodiscard]] revocation revocation_of(
    policy::bearer_of_token const& who, policy::seconds_since_epoch now, std::chrono::seconds leeway);

/// The one revocation list of the process: workers read it as a snapshot, whoever revokes makes the next one.
class revocations {
public:
    /// `changed` is called after each change, from whichever thread makes it.
    explicit revocations(
        std::size_t entries_max, std::function<void()> changed = [] {});

    /// When it returns, every request that any worker judges from then on sees the entry.
    void add(revocation const& what, policy::seconds_since_epoch now);
    [[nodiscard]] published<policy::revocation_list> const& list() const noexcept { return list_; }

private:
    std::function<void()> changed_;
    std::mutex one_at_a_time_;
    published<policy::revocation_list> list_;
};

} // namespace gateway::session
