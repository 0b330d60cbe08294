#pragma once
#include "policy/grant.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gateway::session {

/// What the body of POST /access-token asks for (contract §4).
struct mint_request {
    policy::grant_set grants; ///< absent or all false: a token without rights, as Cartesia's
    std::optional<std::chrono::seconds> lifetime; ///< `expires_in`
    std::string subject;
    bool handoff = false; ///< a hand-off code is wanted in place of the token
};

/// What is wrong with a body, in words that name the field and need no escaping.
struct body_flaw {
    std::string message;
};

/// Reads the body; every member is optional and may be null; an empty body asks for nothing. Members that are
/// not known are passed over: Cartesia may add some, and a grant that is not known gives no right.
[[nodiscard]] std::variant<mint_request, body_flaw>
read_mint_request(std::string_view body, std::chrono::seconds lifetime_max);

/// What the app's backend says of a user, when it is asked (session.authorize_url).
struct app_word {
    std::string subject; ///< never empty
    policy::grant_set grants;
    std::optional<std::chrono::seconds> lifetime;   ///< `expires_in`, 1 and more
    std::optional<std::chrono::seconds> stream_max; ///< from now on, 1 and more
};

/// Reads its answer: `subject` and `grants` must be there, `expires_in` and `stream_max` may. `limits` is
/// refused unless it is empty: to pass over a limit that the app relies on would lift it. Other members are
/// passed over.
[[nodiscard]] std::variant<app_word, body_flaw> read_app_word(std::string_view body);

/// The hand-off code in the body of POST /session: `{"code": "…"}`, or the field `code` of a form; a code has
/// no characters that a form would encode.
[[nodiscard]] std::variant<std::string, body_flaw> read_handoff_code(std::string_view body);

} // namespace gateway::session
