#pragma once
#include "gateway/session/revocations.hpp"

#include <functional>
#include <mutex>

namespace gateway::session {

/// The revocations of one process, in its memory: a restart forgets them, other instances do not learn of
/// them.
class in_process_revocations final : public revocations {
public:
    /// `changed` is called after each change, from whichever thread makes it.
    in_process_revocations(
        std::size_t entries_max, policy::hash_seed const& seed, std::function<void()> changed = [] {});

    void add(revocation const& what, policy::seconds_since_epoch now) override;
    [[nodiscard]] published<policy::revocation_list> const& list() const noexcept override { return list_; }

private:
    std::function<void()> changed_;
    std::mutex one_at_a_time_;
    published<policy::revocation_list> list_;
};

} // namespace gateway::session
