#include "gateway/session/endpoints.hpp"

#include "gateway/base/own_paths.hpp"
#include "gateway/session/minting.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace gateway::session {

namespace json = boost::json;

namespace {

using policy::method;
using policy::method_set;

outcome refused_method(endpoint_name which)
{
    auto out = refused(policy::denial::method_not_allowed);
    out.allowed = methods_of(which);
    return out;
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
    proven_credentials& proven,
    certs::random_source random)
    : config_(&config),
      session_(&session),
      judge_(&judge),
      cipher_(&cipher),
      redeemed_(&redeemed),
      proven_(&proven),
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
    auto const who = identify(request, request.head, revoked, now);
    if (!who) return refused(who.error());
    if (request.to == endpoint_name::renew) return refresh(*who, now);
    return verb == method::get ? tell(*who) : end(*who, now);
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

boost::system::result<policy::bearer_of_token, policy::denial> endpoints::identify(
    own_request const& request,
    policy::request const& head,
    policy::revocation_list const& revoked,
    policy::seconds_since_epoch now) const
{
    auto who = judge_->identify(head, revoked, now, request.sender);
    if (who && policy::is_verified_here(who->kind)) proven_->note(who->text);
    return who;
}

std::string
endpoints::mint_known(policy::claims& about, policy::seconds_since_epoch now, policy::sealed_use use) const
{
    auto text = mint_token(about, *cipher_, random_, now, use);
    proven_->note(text);
    return text;
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

std::string endpoints::no_cookie() const { return session_cookie(config_->judge.cookie_name, "", 0); }

} // namespace gateway::session
