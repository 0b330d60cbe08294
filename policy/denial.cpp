#include "policy/denial.hpp"

namespace policy {

std::string_view log_name(denial why) noexcept
{
    switch (why) {
    case denial::target_not_canonical: return "target_not_canonical";
    case denial::target_too_long: return "target_too_long";
    case denial::foreign_authority: return "foreign_authority";
    case denial::no_route: return "no_route";
    case denial::method_not_allowed: return "method_not_allowed";
    case denial::upgrade_required: return "upgrade_required";
    case denial::upgrade_not_allowed: return "upgrade_not_allowed";
    case denial::no_token: return "no_token";
    case denial::malformed_cookie: return "malformed_cookie";
    case denial::conflicting_cookies: return "conflicting_cookies";
    case denial::conflicting_credentials: return "conflicting_credentials";
    case denial::origin_not_allowed: return "origin_not_allowed";
    case denial::cross_site_request: return "cross_site_request";
    case denial::origin_unproven: return "origin_unproven";
    case denial::too_many_failures: return "too_many_failures";
    case denial::token_malformed: return "token_malformed";
    case denial::token_kind_not_accepted: return "token_kind_not_accepted";
    case denial::token_forged: return "token_forged";
    case denial::token_rejected: return "token_rejected";
    case denial::token_not_yet_valid: return "token_not_yet_valid";
    case denial::token_expired: return "token_expired";
    case denial::token_revoked: return "token_revoked";
    case denial::grant_missing: return "grant_missing";
    }
    return "unknown";
}

}
