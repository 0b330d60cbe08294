// How a session's tokens are renewed: by POST /session/refresh, and by the way.
#include "gateway/session/endpoints.hpp"
#include "gateway/session/minting.hpp"

#include <algorithm>

namespace gateway::session {

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
    next.token = mint_known(next.about, now, policy::sealed_use::token);
    next.set_cookie =
        session_cookie(config_->judge.cookie_name, next.token, (next.about.expires_at - now).count());
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
        return asks_app({who});
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

/// The session goes on as the app says now, or ends. Only when the app could not be asked all stays as it is.
outcome endpoints::recheck(
    policy::bearer_of_token const& who, app_answer const& said, policy::seconds_since_epoch now) const
{
    auto const* word = std::get_if<app_word>(&said);
    auto const same = word && word->subject == who.about.sub;
    if (same) {
        auto about = session_of(*word, *config_, *session_, now);
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

} // namespace gateway::session
