#pragma once
#include "policy/jws.hpp"
#include "policy/token.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace policy {

/// What a token that the app signed must say, beside being signed (RFC 8725 §3.8, §3.9).
struct app_token_rules {
    std::string issuer;                        ///< the one `iss`
    std::string audience;                      ///< must be the `aud`, or among them
    std::chrono::seconds lifetime_max{86'400}; ///< of what is left of it: the app chooses `exp`, not we
    friend bool operator==(app_token_rules const&, app_token_rules const&) = default;
};

inline constexpr std::size_t app_claims_max = 64; ///< members of the payload

/// Opens a token that the app signed: `token_forged` when no key of ours did sign it (see `open_jws`), else
/// `token_malformed` when it does not say what it must. Claims: `iss`, `aud`, `exp` and `grants` (an object
/// of booleans) must be there; `iat`, `nbf`, `sub`, `jti`, `sid` may; others are passed over; none may be
/// there twice. Without `jti` the end of the signature names the token, without `sid` it is a session of its
/// own. Past and future are not looked at, except that `exp` lies at most `lifetime_max + leeway` ahead.
[[nodiscard]] boost::system::result<claims, denial> open_signed_by_app(
    std::string_view text,
    signature_verifier const& verifier,
    app_token_rules const& rules,
    seconds_since_epoch now,
    std::chrono::seconds leeway);

} // namespace policy
