#include "gateway/session/endpoints.hpp"

#include "certs/digest.hpp"
#include "certs/secret.hpp"
#include "gateway/base/own_paths.hpp"
#include "gateway/session/minting.hpp"
#include "gateway/session/own_body.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace gateway::session {

namespace json = boost::json;

namespace {

using policy::method;
using policy::method_set;

outcome refused(policy::denial why)
{
    outcome out;
    out.reply = why;
    return out;
}

outcome refused(fault why, std::string message = {})
{
    outcome out;
    out.reply = why;
    out.message = std::move(message);
    return out;
}

outcome asking(question about)
{
    outcome out;
    if (about.session) out.who = about.session->about.sub;
    out.reply = std::move(about);
    return out;
}

outcome refused_method(endpoint_name which)
{
    auto out = refused(policy::denial::method_not_allowed);
    out.allowed = methods_of(which);
    return out;
}

/// The key that an app's server presents, or a token; the same two places as with Cartesia (contract §2).
boost::system::result<std::optional<std::string_view>, policy::denial>
presented_key(policy::request const& head)
{
    auto const bearer = head.authorization ? policy::read_bearer(*head.authorization) : std::nullopt;
    auto const field = head.api_key_field && !head.api_key_field->empty() ? head.api_key_field : std::nullopt;
    if (bearer && field && *bearer != *field) return policy::denial::conflicting_credentials;
    return bearer ? bearer : field;
}

/// Every configured hash is compared, so that the time tells nothing about which one came near.
server_key_config const* find_key(token_config const& config, std::string_view key)
{
    auto const hash = certs::sha256_hex(key);
    server_key_config const* found = nullptr;
    for (auto const& known : config.server_keys)
        if (certs::equal_in_constant_time(known.sha256, hash)) found = &known;
    return found;
}

bool covers(policy::grant_set most, policy::grant_set asked)
{
    return std::ranges::none_of(policy::all_grants, [&](auto g) { return asked.has(g) && !most.has(g); });
}

/// Why `key` may not make the token that is wanted, if it may not.
std::optional<fault>
beyond(server_key_config const& key, std::chrono::seconds lifetime_max, mint_request const& wanted)
{
    if (!covers(key.grants, wanted.grants)) return fault::grant_not_yours;
    if (wanted.lifetime > lifetime_max) return fault::lifetime_not_yours;
    if (!wanted.subject.starts_with(key.subject_prefix)) return fault::subject_not_yours;
    return std::nullopt;
}

/// What a browser needs to keep the cookie out of scripts, off clear connections and away from other sites.
/// `Path=/` and no `Domain` are what `__Host-` demands (RFC 6265bis §4.1.3.2).
std::string cookie(std::string const& name, std::string_view value, std::int64_t max_age)
{
    return std::string(name).append("=").append(value).append(
        "; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=" + std::to_string(max_age));
}

} // namespace

std::optional<endpoint_name> own_endpoint(std::string_view path) noexcept
{
    if (path == access_token_path) return endpoint_name::access_token;
    if (path == session_path) return endpoint_name::session;
    if (path == renew_path) return endpoint_name::renew;
    return std::nullopt;
}

method_set methods_of(endpoint_name which) noexcept
{
    if (which != endpoint_name::session) return {method::post, method::options};
    return {method::get, method::post, method::del, method::options};
}

endpoints::endpoints(
    token_config const& config,
    session_config const& session,
    policy::judge const& judge,
    policy::token_cipher const& cipher,
    handoffs& redeemed,
    certs::random_source random)
    : config_(&config),
      session_(&session),
      judge_(&judge),
      cipher_(&cipher),
      redeemed_(&redeemed),
      random_(std::move(random))
{
}

outcome endpoints::handle(
    own_request const& request, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto const verb = request.head.verb;
    if (!methods_of(request.to).has(verb)) return refused_method(request.to);
    if (verb == method::options) {
        outcome out;
        out.reply = answer{
            .status = 204,
            .body = {},
            .set_cookie = {},
            .clear_site_cookies = false,
            .allow = methods_of(request.to)};
        return out;
    }
    if (request.to == endpoint_name::access_token) return mint(request, now);

    if (request.to == endpoint_name::session && verb == method::post)
        return open_session(request, revoked, now);
    auto const who = judge_->identify(request.head, revoked, now);
    if (!who) return refused(who.error());
    if (request.to == endpoint_name::renew) return refresh(*who, now);
    return verb == method::get ? tell(*who) : end(*who, now);
}

/// A session is opened with a token that the caller holds, never with the cookie that a browser adds by
/// itself: a foreign page could not have read it. It also lets a new token replace the one in the cookie. Nor
/// with a foreign page's token: it would have the browser speak as another (login CSRF).
outcome endpoints::open_session(
    own_request const& request, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto head = request.head;
    head.cookie_fields = {};
    if (auto const flaw = judge_->flaw_in_sender(head)) return refused(*flaw);
    auto const key = presented_key(head);
    if (key && !*key && !request.body.empty()) return open_with_code(request.body, revoked, now);

    auto const who = judge_->identify(head, revoked, now);
    if (who) return open(*who, now);
    auto const asks = who.error() == policy::denial::no_token && session_->authorize.url.given();
    if (!asks) return refused(who.error());
    // What speaks for the user now are cookies: the app's.
    if (auto const flaw = judge_->flaw_in_cookie_use(request.head)) return refused(*flaw);
    return asking({});
}

outcome endpoints::mint(own_request const& request, policy::seconds_since_epoch now) const
{
    auto const key = presented_key(request.head);
    if (!key) return refused(key.error());
    if (!*key) return refused(fault::server_key_required);
    auto const* known = find_key(*config_, **key);
    if (!known) return refused(fault::server_key_wrong);

    auto asked = read_mint_request(request.body, config_->lifetime_max);
    if (auto* flaw = std::get_if<body_flaw>(&asked))
        return refused(fault::bad_own_request, std::move(flaw->message));
    auto& wanted = std::get<mint_request>(asked);
    auto const longest = known->lifetime_max.count() > 0 ? known->lifetime_max : config_->lifetime_max;
    if (auto const why = beyond(*known, longest, wanted)) return refused(*why);

    auto const lifetime = wanted.lifetime.value_or(std::min(config_->lifetime_default, longest));
    auto about =
        claims_for(std::move(wanted.subject), wanted.grants, lifetime, config_->stream_outlives_token, now);
    auto const use = wanted.handoff ? policy::sealed_use::handoff : policy::sealed_use::token;
    auto const text = mint_token(about, *cipher_, random_, now, use);
    if (text.empty()) return refused(why_not_sealed(now));
    auto const until = wanted.handoff ? handoff_until(about, session_->handoff_lifetime) : about.expires_at;
    answer made;
    made.body = std::string(wanted.handoff ? R"({"code":")" : R"({"token":")") + text +
                "\",\"expires_at\":" + std::to_string(until.time_since_epoch().count()) + "}";
    outcome out;
    out.reply = std::move(made);
    out.who = known->name;
    return out;
}

outcome endpoints::open(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const
{
    // within the leeway a token is still good, but a cookie with nothing left would only delete itself
    auto const left = (who.about.expires_at - now).count();
    if (left <= 0) return refused(policy::denial::token_expired);
    auto text = std::string(who.text); // Cartesia's own: only Cartesia can make another
    if (policy::is_verified_here(who.kind) && config_->judge.accepts_sealed) {
        auto first = session_of(who.about, *config_, *session_, now);
        text = mint_token(first, *cipher_, random_, now);
    }
    return opened(text, seconds(left), who.about.sub, now);
}

outcome endpoints::open_for(
    app_word const& word, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto first = vouched_for(word, *config_, *session_, now);
    if (revoked.matches(first, now)) return refused(policy::denial::token_revoked); // the user, by name
    auto const token = mint_token(first, *cipher_, random_, now);
    return opened(token, first.expires_at - now, std::move(first.sub), now);
}

outcome endpoints::opened(
    std::string_view token, seconds left, std::string who, policy::seconds_since_epoch now) const
{
    if (token.empty()) return refused(why_not_sealed(now));
    answer made;
    made.status = 204;
    made.set_cookie = cookie(config_->judge.cookie_name, token, left.count());
    outcome out;
    out.reply = std::move(made);
    out.who = std::move(who);
    return out;
}

outcome endpoints::heard(
    question const& about,
    app_answer const& said,
    policy::revocation_list const& revoked,
    policy::seconds_since_epoch now) const
{
    if (!about.session) {
        auto const* word = std::get_if<app_word>(&said);
        return word ? open_for(*word, revoked, now) : refused(std::get<fault>(said));
    }
    // The app takes its time: the user may have signed out meanwhile.
    if (revoked.matches(about.session->about, now)) return refused(policy::denial::token_revoked);
    auto out = recheck(*about.session, said, now);
    if (out.who.empty()) out.who = about.session->about.sub;
    return out;
}

/// The session goes on as the app says now, or ends. Only when the app could not be asked all stays as it is.
outcome endpoints::recheck(
    policy::bearer_of_token const& who, app_answer const& said, policy::seconds_since_epoch now) const
{
    auto const* word = std::get_if<app_word>(&said);
    auto const same = word && word->subject == who.about.sub;
    if (same) {
        auto about = vouched_for(*word, *config_, *session_, now);
        about.sid = who.about.sid;
        about.session_until = who.about.session_until;
        auto const beyond = std::max(about.expires_at - *about.session_until, seconds(0));
        about.expires_at -= beyond;
        *about.stream_until -= beyond;
        if (about.expires_at <= now) return refused(fault::session_over);
        return tell_renewed(next_of(std::move(about), now), who.from, now);
    }
    auto const why = word ? fault::app_other_user : std::get<fault>(said);
    auto out = refused(why);
    auto const ends = word || why == fault::app_unauthorized || why == fault::app_forbidden;
    if (!ends) return out;
    out.revoke = end_of(who, now);
    if (who.from == policy::credential_source::cookie) out.set_cookie = no_cookie();
    return out;
}

outcome endpoints::open_with_code(
    std::string_view body, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto code = read_handoff_code(body);
    if (auto* flaw = std::get_if<body_flaw>(&code))
        return refused(fault::bad_own_request, std::move(flaw->message));
    handoff_terms const terms{session_->handoff_lifetime, config_->judge.leeway};
    auto got = redeem_handoff(std::get<std::string>(code), *cipher_, *redeemed_, terms, revoked, now);
    if (auto const* why = std::get_if<fault>(&got)) return refused(*why);
    if (auto const* why = std::get_if<policy::denial>(&got)) return refused(*why);
    policy::bearer_of_token const who{
        .about = std::move(std::get<policy::claims>(got)),
        .kind = policy::token_kind::sealed,
        .from = policy::credential_source::bearer};
    return open(who, now);
}

fault endpoints::why_not_sealed(policy::seconds_since_epoch now) const
{
    return cipher_->sealing_key(now).empty() ? fault::no_sealing_key : fault::internal;
}

std::string endpoints::describe(policy::claims const& about, std::string_view token) const
{
    auto const seconds = [](policy::seconds_since_epoch at) { return at.time_since_epoch().count(); };
    json::object grants;
    for (auto g : policy::all_grants) {
        auto const name = policy::name(g);
        grants.emplace(json::string_view(name.data(), name.size()), about.grants.has(g));
    }
    json::object body;
    if (!token.empty()) body.emplace("token", json::string_view(token.data(), token.size()));
    body.emplace("subject", about.sub);
    body.emplace("grants", std::move(grants));
    body.emplace("expires_at", seconds(about.expires_at));
    if (about.session_until) body.emplace("refresh_after", seconds(renew_after(about)));
    body.emplace("stream_until", seconds(stream_until(about, *config_)));
    if (about.session_until) body.emplace("session_until", seconds(*about.session_until));
    return json::serialize(body);
}

outcome endpoints::tell(policy::bearer_of_token const& who) const
{
    answer made;
    made.body = describe(who.about, {});
    outcome out;
    out.reply = std::move(made);
    out.who = who.about.sub;
    return out;
}

std::optional<renewal> endpoints::renew(policy::claims const& about, policy::seconds_since_epoch now) const
{
    if (!renewable(about, now)) return std::nullopt;
    auto next = next_of(renewed(about, now), now);
    if (next.token.empty()) return std::nullopt;
    return next;
}

renewal endpoints::next_of(policy::claims about, policy::seconds_since_epoch now) const
{
    renewal next;
    next.about = std::move(about);
    next.token = mint_token(next.about, *cipher_, random_, now);
    next.set_cookie = cookie(config_->judge.cookie_name, next.token, (next.about.expires_at - now).count());
    return next;
}

std::optional<renewal>
endpoints::renew_on_use(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const
{
    auto const asked = session_->renew_on_use && who.kind == policy::token_kind::sealed &&
                       who.from == policy::credential_source::cookie && now >= renew_after(who.about) &&
                       !recheck_due(who.about, *session_, now);
    return asked ? renew(who.about, now) : std::nullopt;
}

/// Two tabs that ask at once both get a good token. One that asks again at once gets its own back: what it
/// holds is new.
outcome endpoints::refresh(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const
{
    auto const& about = who.about;
    if (!about.session_until || who.kind != policy::token_kind::sealed) return refused(fault::no_session);
    if (recheck_due(about, *session_, now)) {
        if (!renewable(about, now)) return refused(fault::session_over);
        return asking({who});
    }
    if (now - about.issued_at < session_->renew_grace && now < renew_after(about)) return tell(who);
    auto next = renew(about, now);
    if (!next) return refused(renewable(about, now) ? why_not_sealed(now) : fault::session_over);
    return tell_renewed(std::move(*next), who.from, now);
}

outcome
endpoints::tell_renewed(renewal next, policy::credential_source from, policy::seconds_since_epoch now) const
{
    if (next.token.empty()) return refused(why_not_sealed(now));
    auto const by_cookie = from == policy::credential_source::cookie;
    answer made;
    made.body = describe(next.about, by_cookie ? std::string_view{} : next.token);
    if (by_cookie) made.set_cookie = std::move(next.set_cookie);
    outcome out;
    out.reply = std::move(made);
    out.who = next.about.sub;
    out.renewed = std::move(next.about);
    return out;
}

outcome endpoints::end(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const
{
    answer made;
    made.status = 204;
    made.set_cookie = no_cookie();
    made.clear_site_cookies = session_->clear_site_data;
    outcome out;
    out.reply = std::move(made);
    out.who = who.about.sub;
    out.revoke = end_of(who, now);
    return out;
}

revocation endpoints::end_of(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const
{
    auto const& about = who.about;
    auto const leeway = config_->judge.leeway;
    auto out = revocation_of(who, now, leeway);
    if (!policy::is_verified_here(who.kind)) return out;
    // A session ends with all its tokens, also one that was renewed just now.
    out.what = policy::revoked_by::session;
    out.id = about.sid;
    auto const own_end = std::max(about.expires_at, about.session_until.value_or(about.expires_at));
    out.until = std::max(own_end + leeway, last_expiry(*config_, *session_, now));
    return out;
}

std::string endpoints::no_cookie() const { return cookie(config_->judge.cookie_name, "", 0); }

} // namespace gateway::session
