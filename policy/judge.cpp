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

/// The query, where a token may stand in it. A browser can put no header on a WebSocket handshake; everywhere else
/// a token has no business in a URL, which logs and histories keep.
std::optional<std::string_view> query_of(request const& of, target const& where_to, judge_settings const& settings)
{
    if (!settings.accepts_query_token || of.over != transport::websocket) return std::nullopt;
    return where_to.query;
}

result<bearer_of_token, denial>
read_token(chosen_credential const& chosen, judge_settings const& settings, token_cipher const& cipher)
{
    if (chosen.token.size() > token_bytes_max) return denial::token_malformed;
    auto const kind = kind_of(chosen.token);
    if (!kind) return denial::token_malformed;
    bool const sealed = *kind == token_kind::sealed;
    if (!(sealed ? settings.accepts_sealed : settings.accepts_cartesia))
        return denial::token_kind_not_accepted;
    auto read =
        sealed ? open_sealed(chosen.token, cipher) : read_cartesia(chosen.token, settings.cartesia_issuer);
    if (!read) return read.error();
    return bearer_of_token{
        .about = std::move(*read), .kind = *kind, .from = chosen.from, .text = chosen.token};
}

/// credential -> token -> lifetime -> revocation.
result<bearer_of_token, denial> authenticate(
    request const& of,
    std::optional<std::string_view> query,
    judge_settings const& settings,
    token_cipher const& cipher,
    revocation_list const& revoked,
    seconds_since_epoch now)
{
    auto const presented = gather(of, query, settings);
    if (!presented) return presented.error();
    auto const chosen = choose(*presented);
    if (!chosen) return chosen.error();
    auto who = read_token(*chosen, settings, cipher);
    if (!who) return who;
    if (auto const flaw = flaw_in_lifetime(who->about, now, settings.leeway)) return *flaw;
    if (revoked.matches(who->about, now)) return denial::token_revoked;
    return who;
}

} // namespace

admission::admission(route const* row, target where_to, bearer_of_token who)
    : row_(row), target_(where_to), who_(std::move(who))
{
}

judge::judge(judge_settings const& settings, route_table const& routes, token_cipher const& cipher)
    : settings_(&settings), routes_(&routes), cipher_(&cipher)
{
}

result<admission, denial>
judge::decide(request const& of, revocation_list const& revoked, seconds_since_epoch now) const
{
    auto const where_to = read_target(of.raw_target);
    if (!where_to) return where_to.error();
    auto const row = routes_->find(of.verb, where_to->path, of.over);
    if (!row) return row.error();

    auto who = authenticate(of, query_of(of, *where_to, *settings_), *settings_, *cipher_, revoked, now);
    if (!who) return who.error();
    if (!who->about.grants.has((*row)->needs)) return denial::grant_missing;
    return admission{*row, *where_to, std::move(*who)};
}

result<bearer_of_token, denial>
judge::identify(request const& of, revocation_list const& revoked, seconds_since_epoch now) const
{
    auto const where_to = read_target(of.raw_target);
    return authenticate(
        of, query_of(of, where_to ? *where_to : target{}, *settings_), *settings_, *cipher_, revoked, now);
}

} // namespace policy
