#pragma once
#include <cstdint>
#include <string_view>

namespace policy {

/// Every reason for which a request can be refused before a byte of it goes upstream. Closed:
/// `gateway/base/reply` gives each one its status, code and words, and nothing else in the program makes a
/// refusal.
enum class denial : std::uint8_t {
    // the request target (target.hpp)
    target_not_canonical,
    target_too_long,
    foreign_authority,
    // the route table (route.hpp)
    no_route,
    method_not_allowed,
    upgrade_required,
    upgrade_not_allowed,
    // the credentials (cookie.hpp, credentials.hpp)
    no_token,
    malformed_cookie,
    conflicting_cookies,
    conflicting_credentials,
    // who made the browser send the cookie (origin.hpp)
    origin_not_allowed,
    cross_site_request,
    origin_unproven,
    // what is held against the sender (standing.hpp)
    too_many_failures,
    // the token (token.hpp)
    token_malformed,
    token_kind_not_accepted,
    token_forged,
    token_rejected, ///< by Cartesia, a short while ago
    token_not_yet_valid,
    token_expired,
    token_revoked,
    // the verdict (judge.hpp)
    grant_missing,
};

/// The name of `why` in the access log and in metrics: lower case, `_` between words, never changed once
/// released.
[[nodiscard]] std::string_view log_name(denial why) noexcept;

/// A credential came and was none. What is authentic but over is not meant, and what is merely said amiss
/// neither.
[[nodiscard]] constexpr bool is_failed_authentication(denial why) noexcept
{
    return why == denial::token_malformed || why == denial::token_kind_not_accepted ||
           why == denial::token_forged || why == denial::token_rejected;
}

} // namespace policy
