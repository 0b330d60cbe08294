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
};

/// What is wrong with a body, in words that name the field and need no escaping.
struct body_flaw {
    std::string message;
};

/// Reads the body; every member is optional and may be null; an empty body asks for nothing. Members that are
/// not known are passed over: Cartesia may add some, and a grant that is not known gives no right.
[[nodiscard]] std::variant<mint_request, body_flaw>
read_mint_request(std::string_view body, std::chrono::seconds lifetime_max);

} // namespace gateway::session
