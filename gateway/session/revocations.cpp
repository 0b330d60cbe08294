#include "gateway/session/revocations.hpp"

#include <algorithm>

namespace gateway::session {

namespace {

/// No token that Cartesia makes lives longer (contract §4), whatever a forged one says of itself.
constexpr std::chrono::seconds cartesia_lifetime_max{3600};

} // namespace

revocation revocation_of(
    policy::bearer_of_token const& who, policy::seconds_since_epoch now, std::chrono::seconds leeway)
{
    auto const& about = who.about;
    revocation out;
    out.id = about.jti;
    out.by = policy::vouched_for(who.kind);
    auto const lasts = out.by == policy::vouched::verified
                           ? about.expires_at
                           : std::min(about.expires_at, now + cartesia_lifetime_max);
    out.until = lasts + leeway;
    return out;
}

policy::seconds_since_epoch
last_expiry(token_config const& tokens, session_config const& sessions, policy::seconds_since_epoch now)
{
    auto longest = std::max({tokens.lifetime_max, sessions.lifetime, cartesia_lifetime_max});
    if (tokens.judge.app) longest = std::max(longest, tokens.judge.app->lifetime_max);
    return now + longest + tokens.judge.leeway;
}

} // namespace gateway::session
