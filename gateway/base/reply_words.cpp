#include "gateway/base/reply.hpp"

#include <array>

namespace gateway {

namespace {

// Words are for a developer who reads them in an SDK's exception: what is wrong and what to do. They never
// repeat what a client sent, and they need no escaping, neither in JSON nor in a header field.

template <class Reason>
struct row {
    Reason why;
    refusal words;
};

using policy::denial;

// clang-format off
constexpr std::array<row<denial>, 23> denial_words{{
    {denial::target_not_canonical,
     {400, "target_not_canonical", "Bad request target",
      "The path must be in its plain form: no percent-encoding, no empty or dot segments, no backslash, no parameters.",
      ""}},
    {denial::target_too_long,
     {414, "target_too_long", "Request target too long",
      "The path and query together are too long.",
      ""}},
    {denial::foreign_authority,
     {400, "foreign_authority", "Bad request target",
      "The request target names another host; send only the path.",
      ""}},
    {denial::no_route,
     {404, "no_route", "Not found",
      "No endpoint of this gateway has this path.",
      ""}},
    {denial::method_not_allowed,
     {405, "method_not_allowed", "Method not allowed",
      "This path does not take this method; see the Allow field.",
      ""}},
    {denial::upgrade_required,
     {426, "upgrade_required", "Upgrade required",
      "This path is a WebSocket; connect to it with wss.",
      ""}},
    {denial::upgrade_not_allowed,
     {400, "upgrade_not_allowed", "Not a WebSocket",
      "This path is no WebSocket; call it with a plain HTTPS request.",
      ""}},
    {denial::no_token,
     {401, "no_token", "Authentication required",
      "Send an access token in the cookie or as Authorization: Bearer.",
      ""}},
    {denial::malformed_cookie,
     {400, "malformed_cookie", "Bad token cookie",
      "The token cookie holds characters that no token has; set it again.",
      "invalid_request"}},
    {denial::conflicting_cookies,
     {400, "conflicting_cookies", "Conflicting token cookies",
      "The token cookie was sent more than once with different values; clear it and sign in again.",
      "invalid_request"}},
    {denial::conflicting_credentials,
     {400, "conflicting_credentials", "Conflicting credentials",
      "The request carries two different tokens; send the access token in one place only.",
      "invalid_request"}},
    {denial::origin_not_allowed,
     {403, "origin_not_allowed", "Origin not allowed",
      "Pages of this origin may not use this gateway; its operator can add the origin to browsers.origins.",
      ""}},
    {denial::cross_site_request,
     {403, "cross_site_request", "Cross-site request",
      "The browser says that another origin's page sent this; only pages of this host and of browsers.origins may.",
      ""}},
    {denial::origin_unproven,
     {403, "origin_unproven", "Origin not proven",
      "Nothing shows which page sent this with the cookie; outside of browsers add X-Voicegate: 1 or send the token as Authorization: Bearer.",
      ""}},
    {denial::too_many_failures,
     {429, "too_many_failures", "Too many failed attempts",
      "Too many tokens, keys or codes from this address were wrong; wait as long as Retry-After says.",
      ""}},
    {denial::token_malformed,
     {401, "token_malformed", "Invalid token",
      "The access token is not in a form that this gateway reads; get a new one.",
      "invalid_token"}},
    {denial::token_kind_not_accepted,
     {401, "token_kind_not_accepted", "Invalid token",
      "This gateway does not accept this kind of token; get one from the gateway's own app.",
      "invalid_token"}},
    {denial::token_forged,
     {401, "token_forged", "Invalid token",
      "The access token was not made by this gateway, or its key has been retired; get a new one.",
      "invalid_token"}},
    {denial::token_rejected,
     {401, "token_rejected", "Invalid token",
      "The voice API has refused this access token; get a new one.",
      "invalid_token"}},
    {denial::token_not_yet_valid,
     {401, "token_not_yet_valid", "Token not yet valid",
      "The access token is not valid yet; check the clock of the server that made it.",
      "invalid_token"}},
    {denial::token_expired,
     {401, "token_expired", "Token expired",
      "The access token has expired; get a new one and try again.",
      "invalid_token"}},
    {denial::token_revoked,
     {401, "token_revoked", "Token revoked",
      "The access token has been revoked; sign in again.",
      "invalid_token"}},
    {denial::grant_missing,
     {403, "grant_missing", "Not permitted",
      "The access token does not have the grant that this endpoint needs; ask for it when the token is made.",
      "insufficient_scope"}},
}};

constexpr std::array<row<fault>, 37> fault_words{{
    {fault::not_https,
     {403, "https_required", "HTTPS required",
      "This gateway is reached by HTTPS only; use https:// or wss://. A token that was sent in clear is revoked.",
      ""}},
    {fault::malformed_head,
     {400, "malformed_request", "Bad request",
      "The request is not well-formed HTTP/1.1.",
      ""}},
    {fault::target_too_long,
     {414, "target_too_long", "Request target too long",
      "The path and query together are too long.",
      ""}},
    {fault::head_too_large,
     {431, "head_too_large", "Header fields too large",
      "The header fields are too many or too long.",
      ""}},
    {fault::version_not_supported,
     {505, "version_not_supported", "HTTP version not supported",
      "Use HTTP/1.1.",
      ""}},
    {fault::malformed_upgrade,
     {400, "malformed_upgrade", "Bad WebSocket handshake",
      "The upgrade must be a GET with a complete WebSocket handshake of version 13 and no body.",
      ""}},
    {fault::expectation_failed,
     {417, "expectation_failed", "Expectation failed",
      "Expect takes 100-continue only.",
      ""}},
    {fault::malformed_body,
     {400, "malformed_body", "Bad request body",
      "The body's chunks or its length are not well-formed.",
      ""}},
    {fault::body_too_large,
     {413, "file_too_large", "Request body too large",
      "The body is larger than this gateway takes.",
      ""}},
    {fault::request_timeout,
     {408, "request_timeout", "Request timeout",
      "The request did not arrive in time.",
      ""}},
    {fault::malformed_forwarding,
     {400, "malformed_forwarding", "Bad forwarding fields",
      "X-Forwarded-For or Forwarded of a proxy before this gateway cannot be read, or the two name different clients.",
      ""}},
    {fault::upstream_unreachable,
     {502, "upstream_unreachable", "Upstream unreachable",
      "The voice API could not be reached.",
      ""}},
    {fault::upstream_timeout,
     {504, "upstream_timeout", "Upstream timeout",
      "The voice API did not answer in time.",
      ""}},
    {fault::upstream_bad_answer,
     {502, "upstream_bad_answer", "Bad upstream answer",
      "The voice API's answer was cut off or not well-formed.",
      ""}},
    {fault::credential_unavailable,
     {503, "credential_unavailable", "Upstream credential unavailable",
      "The gateway has no credential for the voice API at present; try again soon.",
      ""}},
    {fault::overloaded,
     {503, "overloaded", "Overloaded",
      "The gateway is at its limit; try again soon.",
      ""}},
    {fault::draining,
     {503, "draining", "Shutting down",
      "This gateway is shutting down; try again on a new connection.",
      ""}},
    {fault::internal,
     {500, "internal", "Internal error",
      "The gateway failed to handle the request.",
      ""}},
    {fault::server_key_required,
     {401, "server_key_required", "Server key required",
      "Send the app's server key as Authorization: Bearer or X-API-Key. Access tokens cannot make access tokens.",
      ""}},
    {fault::server_key_wrong,
     {401, "server_key_wrong", "Server key not known",
      "This server key is not in the gateway's configuration.",
      "invalid_token"}},
    {fault::bad_own_request,
     {400, "bad_request", "Bad request body",
      "The body must be a JSON object with grants (an object of true and false), expires_in (seconds) and subject (a text), each optional.",
      ""}},
    {fault::grant_not_yours,
     {403, "grant_not_yours", "Not permitted",
      "This server key may not give away all of these grants.",
      "insufficient_scope"}},
    {fault::lifetime_not_yours,
     {403, "lifetime_not_yours", "Not permitted",
      "This server key may not make tokens that live so long; ask for less in expires_in.",
      "insufficient_scope"}},
    {fault::subject_not_yours,
     {403, "subject_not_yours", "Not permitted",
      "This server key may only name subjects that begin with the prefix it was given; name such a one in subject.",
      "insufficient_scope"}},
    {fault::no_session,
     {409, "no_session", "No session",
      "This token belongs to no session, so it cannot be renewed; open a session with POST /session first.",
      ""}},
    {fault::session_over,
     {401, "session_over", "Session over",
      "The session has come to its end and cannot be renewed any more; sign in again.",
      "invalid_token"}},
    {fault::app_unauthorized,
     {401, "not_signed_in", "Not signed in",
      "The app does not know you; sign in to it and try again.",
      ""}},
    {fault::app_forbidden,
     {403, "not_permitted", "Not permitted",
      "The app does not permit you to do this.",
      ""}},
    {fault::app_other_user,
     {401, "other_user", "Another user",
      "You are signed in to the app as another user now; open a new session.",
      "invalid_token"}},
    // Which of these it was is the operator's business: the client can do the same about each.
    {fault::app_unreachable,
     {502, "app_unavailable", "App unavailable",
      "The app could not be asked who you are; try again soon.",
      ""}},
    {fault::app_timeout,
     {502, "app_unavailable", "App unavailable",
      "The app could not be asked who you are; try again soon.",
      ""}},
    {fault::app_bad_status,
     {502, "app_unavailable", "App unavailable",
      "The app could not be asked who you are; try again soon.",
      ""}},
    {fault::app_bad_answer,
     {502, "app_unavailable", "App unavailable",
      "The app could not be asked who you are; try again soon.",
       ""}},
    {fault::handoff_unknown,
     {401, "handoff_unknown", "Invalid hand-off code",
      "The hand-off code was not made by this gateway, or its key has been retired; get a new one.",
      ""}},
    {fault::handoff_expired,
     {401, "handoff_expired", "Hand-off code expired",
      "The hand-off code has expired; get a new one and redeem it at once.",
      ""}},
    {fault::handoff_used,
     {401, "handoff_used", "Hand-off code used",
      "The hand-off code has been redeemed already, and each is good once; get a new one.",
      ""}},
    {fault::no_sealing_key,
     {503, "no_sealing_key", "No sealing key",
      "None of the gateway's keys for tokens is active now, so it can make none; its operator must add one.",
      ""}},
}};
// clang-format on

constexpr bool needs_no_escaping(std::string_view text)
{
    for (auto c : text)
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') return false;
    return true;
}

/// Each reason stands at its own index and its words can be sent as they are.
constexpr bool sound(auto const& table)
{
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const& [why, words] = table[i];
        if (static_cast<std::size_t>(why) != i || words.status < 400 || words.message.empty() ||
            words.title.empty())
            return false;
        if (!needs_no_escaping(words.error_code) || !needs_no_escaping(words.title) ||
            !needs_no_escaping(words.message) || !needs_no_escaping(words.bearer_error))
            return false;
    }
    return true;
}
static_assert(sound(denial_words) && sound(fault_words));

refusal words_in(auto const& table, std::size_t index) noexcept
{
    return index < table.size() ? table[index].words
                                : fault_words[static_cast<std::size_t>(fault::internal)].words;
}

} // namespace

refusal words_for(policy::denial why) noexcept
{
    return words_in(denial_words, static_cast<std::size_t>(why));
}

refusal words_for(fault why) noexcept { return words_in(fault_words, static_cast<std::size_t>(why)); }

} // namespace gateway
