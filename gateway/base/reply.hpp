#pragma once
#include "policy/denial.hpp"
#include "policy/grant.hpp"
#include "policy/route.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// What can go wrong with a request other than a denial of policy: the client's bytes, the upstream, our own
/// means.
enum class fault : std::uint8_t {
    // the client's bytes
    not_https, ///< plain HTTP on either port
    malformed_head,
    target_too_long,
    head_too_large,
    version_not_supported,
    malformed_upgrade,
    expectation_failed,
    malformed_body,
    body_too_large,
    request_timeout,
    malformed_forwarding, ///< what a proxy says of its client
    // the upstream
    upstream_unreachable, ///< no address, refused, TLS or verification failed
    upstream_timeout,
    upstream_bad_answer,    ///< malformed, too large, closed before an answer, a 101 that is none
    credential_unavailable, ///< no access token could be minted for the upstream
    // ourselves
    overloaded, ///< a limit of the gateway's own
    draining,
    internal,
    // the gateway's own endpoints
    server_key_required,
    server_key_wrong,
    bad_own_request, ///< the body of /access-token or /session is not what they take
    grant_not_yours, ///< a server key asks for more than it may give away
    lifetime_not_yours,
    subject_not_yours,
    no_session,   ///< the token belongs to no session, so it cannot be renewed
    session_over, ///< the session has come to its absolute end
    // the app's backend, asked who a user is
    app_unauthorized, ///< it answered 401
    app_forbidden,    ///< it answered 403
    app_other_user,   ///< it names another user than the session's
    app_unreachable,  ///< no address, refused, TLS or verification failed
    app_timeout,
    app_bad_status, ///< none of 2xx, 401 and 403
    app_bad_answer, ///< malformed, too large, cut off, or not the JSON that it has to be
    // a hand-off code
    handoff_unknown, ///< no hand-off code of ours
    handoff_expired,
    handoff_used,
    no_sealing_key, ///< none of the keys is active now
};

[[nodiscard]] std::string_view log_name(fault why) noexcept;

/// A server key or a code came and was none (see `policy::is_failed_authentication`).
[[nodiscard]] constexpr bool is_failed_authentication(fault why) noexcept
{
    return why == fault::server_key_wrong || why == fault::handoff_unknown;
}

/// The status, code and words of one refusal. `error_code` may be empty: then it is null on the wire.
struct refusal {
    unsigned status = 500;
    std::string_view error_code;
    std::string_view title;
    std::string_view message;
    std::string_view bearer_error; ///< RFC 6750 §3.1: `invalid_token`, `insufficient_scope`,
                                   ///< `invalid_request`; empty: none
};

[[nodiscard]] refusal words_for(policy::denial why) noexcept;
[[nodiscard]] refusal words_for(fault why) noexcept;

/// The form of an error body, by the client's `Cartesia-Version` (contract §5): problem+json since
/// 2026-03-01, "Title: Message" in plain text before, and for invalid versions. No version: problem+json,
/// since SDKs that send none (openai) need the nested `error` object.
enum class error_form : std::uint8_t { problem_json, text };
[[nodiscard]] error_form form_for(std::optional<std::string_view> version) noexcept;

/// What a reply depends on besides its words.
struct reply_context {
    error_form form = error_form::problem_json;
    std::string_view request_id;
    bool keep_alive = false;
    bool head_only = false;         ///< the answer to a HEAD: no body
    bool secure = true;             ///< over TLS: Strict-Transport-Security is sent
    std::chrono::sys_seconds now{}; ///< `Date`
    std::string_view cross_origin;  ///< field lines of cross_origin.hpp
    std::chrono::seconds hsts_max_age{0};
    policy::method_set allowed;                           ///< for 405
    std::optional<policy::grant> needed;                  ///< for 403: `scope`
    std::optional<std::chrono::milliseconds> retry_after; ///< for 429, and 503 under pressure
    bool resendable = true; ///< false: some SDKs hang when they send such a body again, so they shall not
    std::string_view set_cookie; ///< one Set-Cookie value with a refusal, or empty
};

/// The complete HTTP/1.1 answer for a refusal: the only place where one becomes bytes. The body is RFC 9457
/// problem+json that is also Cartesia's error (contract §13.4: `error_code`, `title`, `message`,
/// `request_id`, nested `error` object with message, type, code) plus `status`; or plain text. 401 and 403
/// carry `WWW-Authenticate: Bearer` (RFC 6750 §3) when the refusal is about a token, 405 `Allow`, 426
/// `Upgrade: websocket`; all `Cache-Control: no-store` and `Date`.
[[nodiscard]] std::string write_refusal(refusal const& words, reply_context const& context);

/// An answer of the gateway's own endpoints.
struct answer {
    unsigned status = 200;
    std::string body;                ///< JSON, or empty
    std::string set_cookie;          ///< one Set-Cookie value, or empty
    bool clear_site_cookies = false; ///< `Clear-Site-Data: "cookies"`
    policy::method_set allow;        ///< `Allow`, when not empty
};

[[nodiscard]] std::string write_answer(answer const& what, reply_context const& context);

/// `GET, POST`, as a field's value lists them.
void append_methods(std::string& out, policy::method_set methods);

/// `HTTP/1.1 100 Continue` and its empty line.
inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

/// The standard reason phrase of a status ("Not Found"), or "" for one that is not known.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

/// Why the gateway ends a WebSocket, and with which code and reason (contract §13.5).
enum class stream_end : std::uint8_t {
    token_ended,
    revoked,
    draining,
    upstream_gone,
    client_gone,
    protocol_error,
    too_big,
    idle,
    internal,
};

struct closing_words {
    std::uint16_t code = 1011;
    std::string_view reason;
};

[[nodiscard]] closing_words words_for(stream_end why) noexcept;

/// What a client whose term is over is told where it can be told more than a Close says; nothing for other
/// ends.
[[nodiscard]] std::optional<policy::denial> denial_for(stream_end why) noexcept;

/// In which of Cartesia's shapes a stream's client reads errors (contract §5.3 to §5.5, §5.7).
struct stream_voice {
    error_form form = error_form::problem_json; ///< `text`: the one of older versions
    bool agent = false;                         ///< a managed agent's socket
    std::string_view request_id;
};
/// The error event that a client is told before the gateway ends its stream, as JSON; empty when the Close
/// says enough.
[[nodiscard]] std::string stream_error(stream_end why, stream_voice const& voice);
[[nodiscard]] std::string_view log_name(stream_end why) noexcept;

} // namespace gateway
