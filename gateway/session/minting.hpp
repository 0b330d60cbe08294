#pragma once
#include "certs/random.hpp"
#include "gateway/base/config.hpp"
#include "gateway/session/own_body.hpp"
#include "policy/token.hpp"

#include <chrono>
#include <string>

namespace gateway::session {

/// 96 random bits as 16 base64url characters: names a token or a session, and cannot be guessed or met twice.
[[nodiscard]] std::string random_id(certs::random_source const& random);

/// What a token says that is good from `now` on, for `lifetime`; its streams for `stream_outlives` longer.
[[nodiscard]] policy::claims claims_for(
    std::string subject,
    policy::grant_set grants,
    std::chrono::seconds lifetime,
    std::chrono::seconds stream_outlives,
    policy::seconds_since_epoch now);

/// Seals `about` at `now` under an id of its own, in a session of its own when it names none. Empty when no
/// key is active or the cipher fails.
[[nodiscard]] std::string mint_token(
    policy::claims& about,
    policy::token_cipher const& cipher,
    certs::random_source const& random,
    policy::seconds_since_epoch now,
    policy::sealed_use use = policy::sealed_use::token);

/// Until when the streams may last that `about` opens: as it says, or by the configured time longer than it.
[[nodiscard]] policy::seconds_since_epoch
stream_until(policy::claims const& about, token_config const& tokens) noexcept;

/// What the first token of a session says, made of the token with which it is opened: the same user, grants,
/// session and end. What is left of its life then is the sliding window; `session_until`, which a token that
/// belongs to a session already has, is its absolute end.
[[nodiscard]] policy::claims session_of(
    policy::claims const& opened_with,
    token_config const& tokens,
    session_config const& session,
    policy::seconds_since_epoch now);

/// What the token of a session says that is opened on the app's word. `expires_in` is cut to
/// `tokens.lifetime_max`, `stream_max` to 7 days; streams may last no shorter than the token.
[[nodiscard]] policy::claims session_of(
    app_word const& word,
    token_config const& tokens,
    session_config const& session,
    policy::seconds_since_epoch now);

/// The session was opened on the app's word, and that is `session.recheck` old or older.
[[nodiscard]] bool recheck_due(
    policy::claims const& about, session_config const& session, policy::seconds_since_epoch now) noexcept;

/// A token that belongs to a session can be renewed, until the session's end.
[[nodiscard]] bool renewable(policy::claims const& about, policy::seconds_since_epoch now) noexcept;
/// From here on it should be: in the last third of its life.
[[nodiscard]] policy::seconds_since_epoch renew_after(policy::claims const& about) noexcept;
/// What the next token of the session says.
[[nodiscard]] policy::claims renewed(policy::claims const& about, policy::seconds_since_epoch now);

} // namespace gateway::session
