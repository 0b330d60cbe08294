#include "policy/judge.hpp"

#include "policy/cookie.hpp"

#include <utility>

namespace policy {
namespace {

using boost::system::result;

/// What a request presents, `query` only where a token may stand in one.
result<presented_credentials, denial>
gather(request const& of, std::optional<std::string_view> query, judge_settings const& settings)
{
    presented_credentials presented;
    auto const cookie = find_cookie(of.cookie_fields, settings.cookie_name);
    if (!cookie) return cookie.error();
    presented.cookie = *cookie;
    if (of.authorization) presented.bearer = read_bearer(*of.authorization);
    presented.api_key_field = of.api_key_field;
    if (query) {
        auto const token = find_query_token(*query);
        if (!token) return token.error();
        presented.query = *token;
    }
    return presented;
}

/// The query, where a token may stand in it. A browser can put no header on a WebSocket handshake; everywhere
/// else a token has no business in a URL, which logs and histories keep.
std::optional<std::string_view>
query_of(request const& of, target const& where_to, judge_settings const& settings)
{
    if (!settings.accepts_query_token || of.over != transport::websocket) return std::nullopt;
    return where_to.query;
}

/// Whose a token is, by its form; for a JWS by the `iss` that it names. That is only its own word, but each
/// answer leads to a check that a liar fails: what names Cartesia goes upstream alone, with no credential of
/// ours, and all else must be signed with a key of the app's.
std::optional<token_kind> kind_of(std::string_view text, judge_settings const& settings) noexcept
{
    auto const kind = policy::kind_of(text);
    if (kind != token_kind::cartesia || !settings.app) return kind;
    return names_issuer(text, settings.cartesia_issuer) ? token_kind::cartesia : token_kind::signed_by_app;
}

bool accepts(judge_settings const& settings, token_kind kind) noexcept
{
    switch (kind) {
    case token_kind::sealed:
        return settings.accepts_sealed;
    case token_kind::cartesia:
        return settings.accepts_cartesia;
    case token_kind::signed_by_app:
        return settings.app.has_value();
    }
    return false;
}

} // namespace

admission::admission(route const* row, target where_to, bearer_of_token who)
    : row_(row), target_(where_to), who_(std::move(who))
{
}

judge::judge(
    judge_settings const& settings,
    route_table const& routes,
    token_cipher const& cipher,
    signature_verifier const* verifier)
    : settings_(&settings), routes_(&routes), cipher_(&cipher), verifier_(verifier)
{
}

result<claims, denial>
judge::open(token_kind kind, std::string_view text, seconds_since_epoch now, standing* known) const
{
    switch (kind) {
    case token_kind::sealed:
        return open_sealed(text, *cipher_, now);
    case token_kind::cartesia:
        if (known && known->was_rejected(text)) return denial::token_rejected;
        return read_cartesia(text, settings_->cartesia_issuer);
    case token_kind::signed_by_app:
        if (verifier_ == nullptr) return denial::token_forged;
        return open_signed_by_app(text, *verifier_, *settings_->app, now, settings_->leeway);
    }
    return denial::token_malformed;
}

result<bearer_of_token, denial>
judge::read_token(chosen_credential const& chosen, seconds_since_epoch now, standing* known) const
{
    if (known && !known->may_try(chosen.token)) return denial::too_many_failures;
    if (chosen.token.size() > token_bytes_max) return denial::token_malformed;
    auto const kind = kind_of(chosen.token, *settings_);
    if (!kind) return denial::token_malformed;
    if (!accepts(*settings_, *kind)) return denial::token_kind_not_accepted;
    auto read = open(*kind, chosen.token, now, known);
    if (!read) return read.error();
    return bearer_of_token{
        .about = std::move(*read), .kind = *kind, .from = chosen.from, .text = chosen.token};
}

std::optional<denial> judge::flaw_in_sender(request const& of) const noexcept
{
    return policy::flaw_in_sender(of.came, settings_->origins);
}

std::optional<denial> judge::flaw_in_cookie_use(request const& of) const noexcept
{
    return policy::flaw_in_cookie_use(of.came, of.verb, of.over, settings_->origins);
}

std::optional<denial> judge::flaw_in_term(
    bearer_of_token const& who, revocation_list const& revoked, seconds_since_epoch now) const noexcept
{
    if (auto const flaw = flaw_in_lifetime(who.about, now, settings_->leeway)) return flaw;
    if (revoked.matches(who.about, now, vouched_for(who.kind))) return denial::token_revoked;
    return std::nullopt;
}

/// credential -> sender -> standing -> token -> lifetime -> revocation.
result<bearer_of_token, denial> judge::authenticate(
    request const& of,
    std::optional<std::string_view> query,
    revocation_list const& revoked,
    seconds_since_epoch now,
    standing* known) const
{
    auto const presented = gather(of, query, *settings_);
    if (!presented) return presented.error();
    auto const chosen = choose(*presented);
    if (!chosen) return chosen.error();
    if (chosen->from == credential_source::cookie)
        if (auto const flaw = flaw_in_cookie_use(of)) return *flaw;
    auto who = read_token(*chosen, now, known);
    if (!who) return who;
    if (auto const flaw = flaw_in_term(*who, revoked, now)) return *flaw;
    return who;
}

result<admission, denial> judge::decide(
    request const& of, revocation_list const& revoked, seconds_since_epoch now, standing* known) const
{
    auto const where_to = read_target(of.raw_target);
    if (!where_to) return where_to.error();
    auto const row = routes_->find(of.verb, where_to->path, of.over);
    if (!row) return row.error();

    auto who = authenticate(of, query_of(of, *where_to, *settings_), revoked, now, known);
    if (!who) return who.error();
    if (!who->about.grants.has((*row)->needs)) return denial::grant_missing;
    return admission{*row, *where_to, std::move(*who)};
}

result<bearer_of_token, denial> judge::identify(
    request const& of, revocation_list const& revoked, seconds_since_epoch now, standing* known) const
{
    auto const where_to = read_target(of.raw_target);
    return authenticate(of, query_of(of, where_to ? *where_to : target{}, *settings_), revoked, now, known);
}

} // namespace policy
