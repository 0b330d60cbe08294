#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/session/own_body.hpp"
#include "gateway/session/revocations.hpp"
#include "policy/judge.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gateway::session {

/// The app's backend is to be asked who the user is; then `endpoints::heard` decides.
struct question {
    std::optional<policy::bearer_of_token> session; ///< that is to be renewed; nothing: one is to be opened
};

/// What it says, or why it says nothing.
using app_answer = std::variant<app_word, fault>;

/// What an endpoint decides: an answer, or a refusal, or that the app has to be asked first; and what is to
/// be revoked.
struct outcome {
    std::variant<answer, policy::denial, fault, question> reply;
    std::optional<revocation> revoke;
    policy::method_set allowed; ///< for a 405
    std::string
        message; ///< for a fault: what exactly is wrong, in place of its usual words; needs no escaping
    std::string set_cookie;                ///< for a refusal that clears the cookie
    std::string who;                       ///< subject or server key's name, for the access log
    std::optional<policy::claims> renewed; ///< a session's new token: its streams may last as long as it says
};

/// See `policy::denial` and `fault`.
[[nodiscard]] bool is_failed_authentication(outcome const& of) noexcept;

[[nodiscard]] outcome refused(policy::denial why);
/// With `message`: see there.
[[nodiscard]] outcome refused(fault why, std::string message = {});
[[nodiscard]] outcome asks_app(question about);

/// A Set-Cookie value with all that a browser needs to keep the cookie out of scripts, off clear connections
/// and away from other sites.
[[nodiscard]] std::string
session_cookie(std::string const& name, std::string_view value, std::int64_t max_age);

} // namespace gateway::session
