// POST /session: with a token, with a hand-off code, or on the app's word.
#include "gateway/session/endpoints.hpp"
#include "gateway/session/minting.hpp"

namespace gateway::session {

/// A session is opened with a token that the caller holds, never with the cookie that a browser adds by
/// itself: a foreign page could not have read it. It also lets a new token replace the one in the cookie. Nor
/// with a foreign page's token: it would have the browser speak as another (login CSRF).
outcome endpoints::open_session(
    own_request const& request, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto head = request.head;
    head.cookie_fields = {};
    if (auto const flaw = judge_->flaw_in_sender(head)) return refused(*flaw);
    auto const who = identify(request, head, revoked, now);
    if (who) return open(*who, now);
    if (who.error() != policy::denial::no_token) return refused(who.error());
    if (!request.body.empty()) return open_with_code(request, revoked, now);
    if (!session_->authorize.url.given()) return refused(who.error());
    // What speaks for the user now are cookies: the app's.
    if (auto const flaw = judge_->flaw_in_cookie_use(request.head)) return refused(*flaw);
    return asks_app({});
}

outcome endpoints::open(policy::bearer_of_token const& who, policy::seconds_since_epoch now) const
{
    // within the leeway a token is still good, but a cookie with nothing left would only delete itself
    auto const left = (who.about.expires_at - now).count();
    if (left <= 0) return refused(policy::denial::token_expired);
    auto text = std::string(who.text); // Cartesia's own: only Cartesia can make another
    if (policy::is_verified_here(who.kind) && config_->judge.accepts_sealed) {
        auto first = session_of(who.about, *config_, *session_, now);
        text = mint_known(first, now, policy::sealed_use::token);
    }
    return opened(text, seconds(left), who.about.sub, now);
}

outcome endpoints::open_with_code(
    own_request const& request, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto code = read_handoff_code(request.body);
    if (auto* flaw = std::get_if<body_flaw>(&code))
        return refused(fault::bad_own_request, std::move(flaw->message));
    auto const& text = std::get<std::string>(code);
    if (request.sender && !request.sender->may_try(text)) return refused(policy::denial::too_many_failures);
    handoff_terms const terms{session_->handoff_lifetime, config_->judge.leeway};
    auto got = redeem_handoff(text, *cipher_, *redeemed_, terms, revoked, now);
    if (auto const* why = std::get_if<fault>(&got)) return refused(*why);
    if (auto const* why = std::get_if<policy::denial>(&got)) return refused(*why);
    policy::bearer_of_token const who{
        .about = std::move(std::get<policy::claims>(got)),
        .kind = policy::token_kind::sealed,
        .from = policy::credential_source::bearer};
    return open(who, now);
}

outcome endpoints::open_for(
    app_word const& word, policy::revocation_list const& revoked, policy::seconds_since_epoch now) const
{
    auto first = session_of(word, *config_, *session_, now);
    if (revoked.matches(first, now)) return refused(policy::denial::token_revoked); // the user, by name
    auto const token = mint_known(first, now, policy::sealed_use::token);
    return opened(token, first.expires_at - now, std::move(first.sub), now);
}

outcome endpoints::opened(
    std::string_view token, seconds left, std::string who, policy::seconds_since_epoch now) const
{
    if (token.empty()) return refused(why_not_sealed(now));
    answer made;
    made.status = 204;
    made.set_cookie = session_cookie(config_->judge.cookie_name, token, left.count());
    outcome out;
    out.reply = std::move(made);
    out.who = std::move(who);
    return out;
}

} // namespace gateway::session
