#pragma once
#include "certs/random.hpp"
#include "policy/token.hpp"

#include <chrono>
#include <string>

namespace gateway::session {

/// 96 random bits as 16 base64url characters: names a token or a session, and cannot be guessed or met twice.
[[nodiscard]] std::string random_id(certs::random_source const& random);

/// A sealed token that begins a session of its own. Empty when the cipher fails.
[[nodiscard]] std::string mint_token(
    std::string subject,
    policy::grant_set grants,
    std::chrono::seconds lifetime,
    policy::seconds_since_epoch now,
    policy::token_cipher const& cipher,
    certs::random_source const& random);

} // namespace gateway::session
