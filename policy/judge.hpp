#pragma once
#include "policy/app_token.hpp"
#include "policy/credentials.hpp"
#include "policy/denial.hpp"
#include "policy/origin.hpp"
#include "policy/revocation.hpp"
#include "policy/route.hpp"
#include "policy/standing.hpp"
#include "policy/target.hpp"
#include "policy/token.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// What the verdict on a request depends on, and nothing else does: no other header ever takes part.
struct request {
    method verb = method::other;
    std::string_view raw_target{};
    transport over = transport::http;
    std::span<std::string_view const> cookie_fields{};
    std::optional<std::string_view> authorization{};
    std::optional<std::string_view> api_key_field{};
    provenance came{};
};

struct judge_settings {
    std::string cookie_name = "__Host-cartesia_token";
    std::string cartesia_issuer = "https://api.cartesia.ai";
    bool accepts_sealed = true;
    bool accepts_cartesia = true;
    std::optional<app_token_rules> app{}; ///< for tokens that the app signed; without it none is accepted
    bool accepts_query_token = false;     ///< on WebSocket handshakes only
    std::chrono::seconds leeway{0};
    std::vector<std::string> origins{}; ///< `listed` in origin.hpp
    friend bool operator==(judge_settings const&, judge_settings const&) = default;
};

/// A token that was read and is good now. `text` points into the request.
struct bearer_of_token {
    claims about{};
    token_kind kind = token_kind::sealed;
    credential_source from = credential_source::cookie;
    std::string_view text{};
};

/// The permit to forward one request. Only `judge::decide` makes one: forwarding without a verdict does not
/// compile. The views in `where_to` and `who().text` live as long as the head that was judged.
class admission {
public:
    [[nodiscard]] route const& row() const noexcept { return *row_; }
    [[nodiscard]] target const& where_to() const noexcept { return target_; }
    [[nodiscard]] bearer_of_token const& who() const noexcept { return who_; }

private:
    friend class judge;
    admission(route const* row, target where_to, bearer_of_token who);

    route const* row_;
    target target_;
    bearer_of_token who_;
};

/// Says of each request whether it may pass. Pure: the time is an argument, the revocations are handed in.
class judge {
public:
    /// All must outlive the judge. Without a `verifier` no token of the app's is good.
    judge(
        judge_settings const& settings,
        route_table const& routes,
        token_cipher const& cipher,
        signature_verifier const* verifier = nullptr);

    /// target -> route -> credential -> sender -> standing -> token -> lifetime -> revocation -> grant; the
    /// first that fails is the denial. At most one verification. The sender matters where the credential is
    /// the cookie, and comes before the token is read: a foreign page learns nothing of what the cookie is
    /// worth. Without `known`, nothing is held against anybody.
    [[nodiscard]] boost::system::result<admission, denial> decide(
        request const& of,
        revocation_list const& revoked,
        seconds_since_epoch now,
        standing* known = nullptr) const;

    /// Who sends this request, wherever it goes: credential -> sender -> standing -> token -> lifetime ->
    /// revocation.
    [[nodiscard]] boost::system::result<bearer_of_token, denial> identify(
        request const& of,
        revocation_list const& revoked,
        seconds_since_epoch now,
        standing* known = nullptr) const;

    /// Why a token that was read and good is good no more: lifetime -> revocation. No cryptography.
    [[nodiscard]] std::optional<denial> flaw_in_term(
        bearer_of_token const& who, revocation_list const& revoked, seconds_since_epoch now) const noexcept;

    /// Why a foreign page sent this request, whatever its credential; and why it may not act on a cookie, if
    /// the cookie is another one than ours (origin.hpp).
    [[nodiscard]] std::optional<denial> flaw_in_sender(request const& of) const noexcept;
    [[nodiscard]] std::optional<denial> flaw_in_cookie_use(request const& of) const noexcept;

    [[nodiscard]] route_table const& routes() const noexcept { return *routes_; }

private:
    [[nodiscard]] boost::system::result<bearer_of_token, denial> authenticate(
        request const& of,
        std::optional<std::string_view> query,
        revocation_list const& revoked,
        seconds_since_epoch now,
        standing* known) const;
    [[nodiscard]] boost::system::result<bearer_of_token, denial>
    read_token(chosen_credential const& chosen, seconds_since_epoch now, standing* known) const;
    [[nodiscard]] boost::system::result<claims, denial>
    open(token_kind kind, std::string_view text, seconds_since_epoch now, standing* known) const;

    judge_settings const* settings_;
    route_table const* routes_;
    token_cipher const* cipher_;
    signature_verifier const* verifier_;
};

} // namespace policy
