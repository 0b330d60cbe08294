#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "policy/judge.hpp"
#include "policy/revocation.hpp"

#include <chrono>
#include <string>

namespace gateway::session {

/// What is to be refused from now on: a token, a session, or all that a subject holds.
struct revocation {
    policy::revoked_by what = policy::revoked_by::token_id;
    std::string id;
    policy::seconds_since_epoch until{};
    policy::vouched by = policy::vouched::verified;
    policy::seconds_since_epoch issued_until = policy::seconds_since_epoch::max(); ///< later ones are spared
};

/// What to enter so that this token, by itself, is good for nothing any more.
[[nodiscard]] revocation revocation_of(
    policy::bearer_of_token const& who, policy::seconds_since_epoch now, std::chrono::seconds leeway);

/// When the last of the tokens that are good now, of whatever kind, is good no more. A revocation that lasts
/// so long leaves none out.
[[nodiscard]] policy::seconds_since_epoch
last_expiry(token_config const& tokens, session_config const& sessions, policy::seconds_since_epoch now);

/// Where revocations are kept. Workers read a list of this process as a snapshot, at no cost for a request. A
/// store that several gateways share would add to such a list what it hears from the others.
class revocations {
public:
    virtual ~revocations() = default;
    /// From any thread. When it returns, every request that any worker of this process judges from then on
    /// sees the entry.
    virtual void add(revocation const& what, policy::seconds_since_epoch now) = 0;
    /// What is in force. Asked for once by each reader.
    [[nodiscard]] virtual published<policy::revocation_list> const& list() const noexcept = 0;
};

} // namespace gateway::session
