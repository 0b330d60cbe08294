#include "tests/gateway/session/bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tests;
using std::chrono::seconds;

namespace {

/// A session with a window of 60 s and an end after 150 s, opened at `now`.
struct open_session : bench {
    std::string cookie;

    open_session()
    {
        sessions.lifetime = seconds(150);
        auto const opened =
            handle({policy::method::post, endpoint_name::session, "Bearer " + token(), {}, {}, {}});
        cookie = token_in(std::get<answer>(opened.reply).set_cookie);
    }

    [[nodiscard]] outcome refresh(std::string const& with, policy::seconds_since_epoch at) const
    {
        return handle(
            {policy::method::post, endpoint_name::renew, {}, {}, "__Host-cartesia_token=" + with, {}}, at);
    }
    [[nodiscard]] policy::bearer_of_token
    shown(std::string const& token, policy::credential_source from = policy::credential_source::cookie) const
    {
        return {opened(token), policy::token_kind::sealed, from, token};
    }
};

std::int64_t number(outcome const& got, char const* name)
{
    return boost::json::parse(std::get<answer>(got.reply).body).as_object().at(name).as_int64();
}

constexpr std::int64_t t0 = 1'800'000'000;

} // namespace

BOOST_AUTO_TEST_SUITE(renewal_of_sessions)

BOOST_AUTO_TEST_CASE(a_renewed_token_is_a_new_one_of_the_same_session)
{
    open_session s;
    auto const got = s.refresh(s.cookie, now + seconds(45));
    BOOST_TEST(number(got, "expires_at") == t0 + 105);
    BOOST_TEST(number(got, "refresh_after") == t0 + 85);
    BOOST_TEST(number(got, "session_until") == t0 + 150);
    BOOST_TEST(number(got, "stream_until") == t0 + 105 + 3600);
    BOOST_TEST(std::get<answer>(got.reply).body.find("token") == std::string::npos);
    auto const before = s.opened(s.cookie);
    auto const next = s.opened(token_in(std::get<answer>(got.reply).set_cookie));
    BOOST_TEST(next.sid == before.sid);
    BOOST_TEST(next.sub == before.sub);
    BOOST_TEST(next.jti != before.jti);
    BOOST_TEST((next.grants == before.grants));
    BOOST_TEST_REQUIRE(got.renewed.has_value());
    BOOST_TEST((got.renewed->stream_until == now + seconds(105 + 3600)));
}

BOOST_AUTO_TEST_CASE(two_tabs_that_refresh_at_once_both_win)
{
    open_session s;
    auto const at = now + seconds(45);
    auto const one = token_in(std::get<answer>(s.refresh(s.cookie, at).reply).set_cookie);
    auto const other = token_in(std::get<answer>(s.refresh(s.cookie, at).reply).set_cookie);
    for (auto const& token : {one, other, s.cookie}) // the old one stays good to its own end
        BOOST_TEST(number(s.refresh(token, at + seconds(1)), "expires_at") >= t0 + 105);

    // who asks again at once keeps what is new
    auto const again = s.refresh(one, at + seconds(1));
    BOOST_TEST(std::get<answer>(again.reply).set_cookie.empty());
    BOOST_TEST(!again.renewed.has_value());
    BOOST_TEST(number(again, "expires_at") == t0 + 105);
}

BOOST_AUTO_TEST_CASE(no_renewal_goes_beyond_the_sessions_end)
{
    open_session s;
    auto at = now + seconds(50);
    auto token = token_in(std::get<answer>(s.refresh(s.cookie, at).reply).set_cookie);
    at += seconds(50);
    auto const last = s.refresh(token, at);
    BOOST_TEST(number(last, "expires_at") == t0 + 150);
    token = token_in(std::get<answer>(last.reply).set_cookie);
    auto const over = s.refresh(token, at + seconds(45));
    BOOST_TEST_REQUIRE(std::holds_alternative<fault>(over.reply));
    BOOST_CHECK(std::get<fault>(over.reply) == fault::session_over);

    // nor does opening it anew with its own token
    auto const reopened =
        s.handle({policy::method::post, endpoint_name::session, "Bearer " + token, {}, {}, {}}, at);
    auto const about = s.opened(token_in(std::get<answer>(reopened.reply).set_cookie));
    BOOST_TEST((about.session_until == now + seconds(150)));
}

BOOST_AUTO_TEST_CASE(a_token_without_a_session_is_not_renewed)
{
    open_session s;
    auto const got = s.handle(
        {policy::method::post, endpoint_name::renew, "Bearer " + s.token(), {}, {}, {}}, now + seconds(45));
    BOOST_TEST_REQUIRE(std::holds_alternative<fault>(got.reply));
    BOOST_CHECK(std::get<fault>(got.reply) == fault::no_session);
}

BOOST_AUTO_TEST_CASE(who_keeps_the_token_itself_is_given_the_next)
{
    open_session s;
    auto const got = s.handle(
        {policy::method::post, endpoint_name::renew, "Bearer " + s.cookie, {}, {}, {}}, now + seconds(45));
    BOOST_TEST(std::get<answer>(got.reply).set_cookie.empty());
    auto const body = boost::json::parse(std::get<answer>(got.reply).body).as_object();
    BOOST_TEST((s.opened(std::string(body.at("token").as_string())).expires_at == now + seconds(105)));
}

BOOST_AUTO_TEST_CASE(a_cookie_is_renewed_on_use_in_the_last_third_of_its_life)
{
    open_session s;
    auto const who = s.shown(s.cookie);
    BOOST_TEST(!s.endpoints.renew_on_use(who, now + seconds(39)).has_value());
    auto const next = s.endpoints.renew_on_use(who, now + seconds(40));
    BOOST_TEST_REQUIRE(next.has_value());
    BOOST_TEST((next->about.expires_at == now + seconds(100)));
    BOOST_TEST(next->set_cookie.starts_with("__Host-cartesia_token=" + next->token + "; HttpOnly; Secure"));
    BOOST_TEST(
        !s.endpoints.renew_on_use(s.shown(s.cookie, policy::credential_source::bearer), now + seconds(40))
             .has_value());
    s.sessions.renew_on_use = false;
    BOOST_TEST(!s.endpoints.renew_on_use(who, now + seconds(40)).has_value());
}

BOOST_AUTO_TEST_CASE(a_revoked_session_is_not_renewed_and_stays_revoked_to_its_end)
{
    open_session s;
    auto const next = token_in(std::get<answer>(s.refresh(s.cookie, now + seconds(45)).reply).set_cookie);
    auto const ended = s.handle(
        {policy::method::del, endpoint_name::session, {}, {}, "__Host-cartesia_token=" + s.cookie, {}},
        now + seconds(46));
    BOOST_TEST_REQUIRE(ended.revoke.has_value());
    BOOST_TEST((ended.revoke->until >= now + seconds(150)));
    s.revoked.add(ended.revoke->what, ended.revoke->id, ended.revoke->until);
    auto const got = s.refresh(next, now + seconds(100));
    BOOST_TEST_REQUIRE(std::holds_alternative<policy::denial>(got.reply));
    BOOST_CHECK(std::get<policy::denial>(got.reply) == policy::denial::token_revoked);
}

BOOST_AUTO_TEST_SUITE_END()
