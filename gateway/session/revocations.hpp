#pragma once
#include "gateway/base/published.hpp"
#include "policy/revocation.hpp"

#include <mutex>
#include <string_view>

namespace gateway::session {

/// The one revocation list of the process: workers read it as a snapshot, whoever revokes makes the next one.
class revocations {
public:
    explicit revocations(std::size_t entries_max);

    /// When it returns, every request that any worker judges from then on sees the entry.
    void add(policy::revoked_by what, std::string_view id, policy::seconds_since_epoch until, policy::seconds_since_epoch now);
    [[nodiscard]] published<policy::revocation_list> const& list() const noexcept { return list_; }

private:
    std::mutex one_at_a_time_;
    published<policy::revocation_list> list_;
};

}
