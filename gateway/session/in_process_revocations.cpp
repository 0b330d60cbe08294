#include "gateway/session/in_process_revocations.hpp"

#include <memory>

namespace gateway::session {

in_process_revocations::in_process_revocations(
    std::size_t entries_max, policy::hash_seed const& seed, std::function<void()> changed)
    : changed_(std::move(changed)), list_(std::make_shared<policy::revocation_list>(entries_max, seed))
{
}

void in_process_revocations::add(revocation const& what, policy::seconds_since_epoch now)
{
    {
        auto const lock = std::scoped_lock(one_at_a_time_);
        auto next = std::make_shared<policy::revocation_list>(*list_.latest());
        next->forget_expired(now);
        next->add(what.what, what.id, what.until, what.by, what.issued_until);
        list_.publish(std::move(next));
    }
    changed_();
}

} // namespace gateway::session
