#pragma once
#include "gateway/session/own_body.hpp"
#include "gateway/session/revocations.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace gateway::session {

/// What the body of POST /revoke asks for.
struct revoke_request {
    revocation what;
    bool block = false; ///< also what is issued later
    std::string reason; ///< for the log: at most 200 printable ASCII characters
};

/// By what an omitted member is filled in.
struct revoke_defaults {
    policy::seconds_since_epoch until;        ///< `last_expiry`
    policy::seconds_since_epoch issued_until; ///< of a subject: what may have been issued by now
};

/// Reads `{"jti"|"sid"|"sub": "…", "until"?: seconds since the epoch, "reason"?: "…", "block"?: true}`.
/// Exactly one of the ids; a member that is null counts as absent, one that is not known is refused: a person
/// may have mistyped it. A subject may sign in anew, unless `block` is true.
[[nodiscard]] std::variant<revoke_request, body_flaw>
read_revoke_request(std::string_view body, policy::seconds_since_epoch now, revoke_defaults const& defaults);

} // namespace gateway::session
