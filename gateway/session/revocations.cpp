#include "gateway/session/revocations.hpp"

#include <algorithm>
#include <memory>

namespace gateway::session {

namespace {

/// No token that Cartesia makes lives longer (contract §4), whatever a forged one says of itself.
constexpr std::chrono::seconds cartesia_lifetime_max{3600};

} // namespace

revocation revocation_of(
    policy::bearer_of_token const& who, policy::seconds_since_epoch now, std::chrono::seconds leeway)
{
    auto const& about = who.about;
    if (policy::is_verified_here(who.kind))
        return {
            policy::revoked_by::token_id, about.jti, about.expires_at + leeway, policy::vouched::verified};
    auto const until = std::min(about.expires_at, now + cartesia_lifetime_max) + leeway;
    return {policy::revoked_by::token_id, about.jti, until, policy::vouched::unverified};
}

revocations::revocations(std::size_t entries_max, std::function<void()> changed)
    : changed_(std::move(changed)), list_(std::make_shared<policy::revocation_list>(entries_max))
{
}

void revocations::add(revocation const& what, policy::seconds_since_epoch now)
{
    {
        auto const lock = std::scoped_lock(one_at_a_time_);
        auto next = std::make_shared<policy::revocation_list>(*list_.latest());
        next->forget_expired(now);
        next->add(what.what, what.id, what.until, what.by);
        list_.publish(std::move(next));
    }
    changed_();
}

} // namespace gateway::session
