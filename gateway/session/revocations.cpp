#include "gateway/session/revocations.hpp"

#include <memory>

namespace gateway::session {

revocations::revocations(std::size_t entries_max) : list_(std::make_shared<policy::revocation_list>(entries_max)) {}

void revocations::add(policy::revoked_by what, std::string_view id, policy::seconds_since_epoch until, policy::seconds_since_epoch now)
{
    auto const lock = std::scoped_lock(one_at_a_time_);
    auto next = std::make_shared<policy::revocation_list>(*list_.latest());
    next->forget_expired(now);
    next->add(what, id, until);
    list_.publish(std::move(next));
}

}
