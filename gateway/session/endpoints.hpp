#pragma once
#include "certs/random.hpp"
#include "gateway/base/config.hpp"
#include "gateway/session/handoff.hpp"
#include "gateway/session/outcome.hpp"
#include "gateway/session/proven_credentials.hpp"
#include "policy/judge.hpp"

#include <boost/system/result.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::session {

/// The gateway's own endpoints; all else goes to the policy table.
enum class endpoint_name : std::uint8_t { access_token, session, renew };

/// Which one serves `path`; nothing: none does.
[[nodiscard]] std::optional<endpoint_name> own_endpoint(std::string_view path) noexcept;

/// What it takes.
[[nodiscard]] policy::method_set methods_of(endpoint_name which) noexcept;

/// One request to an own endpoint, its body whole.
struct own_request {
    endpoint_name to = endpoint_name::session;
    policy::request head; ///< method and credentials
    std::string_view body;
    policy::standing* sender = nullptr; ///< what is held against who sends it; null: nothing
};

/// A session's next token.
struct renewal {
    policy::claims about;
    std::string token;
    std::string set_cookie; ///< a Set-Cookie value
};

/// Mints, tells and ends sessions. Pure but for the random source and the codes that were redeemed; the time
/// is an argument.
///   POST /access-token    server key in `Authorization: Bearer` or `X-API-Key`; Cartesia's own shape
///   (contract §4):
///                         {"grants":{…},"expires_in":n,"subject":"…"} -> {"token":…,"expires_at":n}
///                         with "handoff":true -> {"code":…,"expires_at":n}, a code for one POST /session
///   POST /session         a good bearer token, or {"code":…}, of no foreign page -> 204 and the cookie; with
///                         neither the app is asked
///   GET /session          -> {"subject","grants","expires_at","refresh_after","stream_until"}, never the
///   token POST /session/refresh -> the same, of a renewed token, and its cookie; for a bearer token the new
///   "token" DELETE /session       revokes the token and clears the cookie -> 204
class endpoints {
public:
    /// All must outlive the object.
    endpoints(
        token_config const& config,
        session_config const& session,
        policy::judge const& judge,
        policy::token_cipher const& cipher,
        handoffs& redeemed,
        proven_credentials& proven,
        certs::random_source random);

    [[nodiscard]] outcome handle(
        own_request const& request,
        policy::revocation_list const& revoked,
        policy::seconds_since_epoch now) const;
    /// What becomes of a request that `handle` answered with a question.
    [[nodiscard]] outcome heard(
        question const& about,
        app_answer const& said,
        policy::revocation_list const& revoked,
        policy::seconds_since_epoch now) const;

    /// The next token of the session that `about` belongs to; nothing when it belongs to none, the session is
    /// at its end, or the cipher fails.
    [[nodiscard]] std::optional<renewal>
    renew(policy::claims const& about, policy::seconds_since_epoch now) const;
    /// The same, when a request shows a cookie in the last third of its life; not when the app has to be
    /// asked.
    [[nodiscard]] std::optional<renewal>
    renew_on_use(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const;

private:
    /// Whose the request is; its token is known from now on.
    [[nodiscard]] boost::system::result<policy::bearer_of_token, policy::denial> identify(
        own_request const& request,
        policy::request const& head,
        policy::revocation_list const& revoked,
        policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome mint(own_request const& request, policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome open_session(
        own_request const& request,
        policy::revocation_list const& revoked,
        policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome open(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome open_for(
        app_word const& word, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome
    opened(std::string_view token, seconds left, std::string who, policy::seconds_since_epoch now) const;
    /// The same with a hand-off code in `body`.
    [[nodiscard]] outcome open_with_code(
        own_request const& request,
        policy::revocation_list const& revoked,
        policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome tell(policy::bearer_of_token const& who) const;
    [[nodiscard]] outcome refresh(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome recheck(
        policy::bearer_of_token const& who, app_answer const& said, policy::seconds_since_epoch now) const;
    [[nodiscard]] renewal next_of(policy::claims about, policy::seconds_since_epoch now) const;
    [[nodiscard]] outcome
    tell_renewed(renewal next, policy::credential_source from, policy::seconds_since_epoch now) const;
    /// What ends all tokens of the session that `who` belongs to.
    [[nodiscard]] revocation
    end_of(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const;
    /// A token or a code, known from now on as one of ours.
    [[nodiscard]] std::string
    mint_known(policy::claims& about, policy::seconds_since_epoch now, policy::sealed_use use) const;
    [[nodiscard]] std::string no_cookie() const; ///< a Set-Cookie value that clears it
    [[nodiscard]] fault why_not_sealed(policy::seconds_since_epoch now) const;
    /// A session as JSON; with `token`, for a client that keeps its own.
    [[nodiscard]] std::string describe(policy::claims const& about, std::string_view token) const;
    [[nodiscard]] outcome end(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const;

    token_config const* config_;
    session_config const* session_;
    policy::judge const* judge_;
    policy::token_cipher const* cipher_;
    handoffs* redeemed_;
    proven_credentials* proven_;
    certs::random_source random_;
};

} // namespace gateway::session
