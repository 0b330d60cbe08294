#include "tests/gateway/session/bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tests;
using policy::denial;
using policy::grant;
using policy::method;
using session::app_answer;
using session::app_word;
using session::question;
using std::chrono::seconds;

namespace {

constexpr seconds recheck{100};

/// Endpoints with an app that is asked, and asked again after 100 s.
struct asking_bench : bench {
    asking_bench()
    {
        sessions.authorize.url = {true, "app.example", 443, "/who"};
        sessions.authorize.recheck = recheck;
        sessions.lifetime = seconds(1000);
    }

    [[nodiscard]] outcome open(std::string authorization = {}, std::string cookies = "app=1") const
    {
        return handle(
            {method::post, endpoint_name::session, std::move(authorization), {}, std::move(cookies), {}});
    }
    /// The token of a session that was opened at `now` on the word of the app.
    [[nodiscard]] std::string session_for(app_word const& word) const
    {
        auto const got = endpoints.heard({}, word, revoked, now);
        return token_in(std::get<answer>(got.reply).set_cookie);
    }
    [[nodiscard]] outcome refresh(std::string const& token, policy::seconds_since_epoch at) const
    {
        return handle({method::post, endpoint_name::renew, {}, {}, "__Host-cartesia_token=" + token, {}}, at);
    }
    [[nodiscard]] outcome
    refresh_heard(std::string const& token, app_answer const& said, policy::seconds_since_epoch at) const
    {
        auto const asked = refresh(token, at);
        BOOST_TEST_REQUIRE(std::holds_alternative<question>(asked.reply));
        return endpoints.heard(std::get<question>(asked.reply), said, revoked, at);
    }
};

app_word ann(seconds lifetime = seconds(150)) { return {"ann", {grant::tts}, lifetime, std::nullopt}; }

bool asks(outcome const& got) { return std::holds_alternative<question>(got.reply); }
bool failed(outcome const& got, fault why)
{
    return std::holds_alternative<fault>(got.reply) && std::get<fault>(got.reply) == why;
}
bool denied(outcome const& got, denial why)
{
    return std::holds_alternative<denial>(got.reply) && std::get<denial>(got.reply) == why;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_apps_word, asking_bench)

BOOST_AUTO_TEST_CASE(the_app_is_asked_when_no_token_comes)
{
    BOOST_TEST(asks(open()));
    BOOST_TEST(asks(open("Basic YTpi")));
    BOOST_TEST(asks(open({}, "__Host-cartesia_token=" + token()))); // a cookie opens no session
    BOOST_TEST(std::holds_alternative<answer>(open("Bearer " + token()).reply));
    BOOST_TEST(denied(open("Bearer nonsense"), denial::token_malformed));
    BOOST_TEST(denied(handle({method::get, endpoint_name::session, {}, {}, "app=1", {}}), denial::no_token));
    sessions.authorize.url = {};
    BOOST_TEST(denied(open(), denial::no_token));
}

BOOST_AUTO_TEST_CASE(no_foreign_page_has_the_app_asked)
{
    bench::ask what{method::post, endpoint_name::session, {}, {}, "app=1", {}};
    what.came = {.host = "voice.example.com"};
    BOOST_TEST(denied(handle(what), denial::origin_unproven));
    what.came.origin = "https://elsewhere.example";
    BOOST_TEST(denied(handle(what), denial::origin_not_allowed));
    what.came.origin = "https://voice.example.com";
    BOOST_TEST(asks(handle(what)));
}

BOOST_AUTO_TEST_CASE(a_session_is_as_the_app_says)
{
    auto const about = opened(session_for({
        "ann", {grant::tts, grant::agent},
         seconds(150), seconds(600)
    }));
    BOOST_TEST(about.sub == "ann");
    BOOST_TEST((about.grants == policy::grant_set{grant::tts, grant::agent}));
    BOOST_TEST((about.expires_at == now + seconds(150)));
    BOOST_TEST((about.stream_until == now + seconds(600)));
    BOOST_TEST((about.session_until == now + seconds(1000)));
    BOOST_TEST((about.authorized_at == now));
    auto const got = endpoints.heard({}, ann(), revoked, now);
    BOOST_TEST(std::get<answer>(got.reply).status == 204U);
    BOOST_TEST(got.who == "ann");
    BOOST_TEST(!got.revoke.has_value());
}

BOOST_AUTO_TEST_CASE(its_times_have_defaults_and_bounds)
{
    auto const usual = opened(session_for({"ann", {}, std::nullopt, std::nullopt}));
    BOOST_TEST((usual.expires_at == now + config.lifetime_default));
    BOOST_TEST((usual.stream_until == usual.expires_at + config.stream_outlives_token));
    auto const least = opened(session_for({"ann", {}, seconds(150), seconds(1)}));
    BOOST_TEST((least.stream_until == least.expires_at));
    auto const most = opened(session_for({"ann", {}, seconds::max(), seconds::max()}));
    BOOST_TEST((most.expires_at == now + config.lifetime_max));
    BOOST_TEST((most.stream_until == now + std::chrono::days(7)));
}

BOOST_AUTO_TEST_CASE(what_is_no_word_opens_nothing)
{
    for (auto const why :
         {fault::app_unauthorized, fault::app_forbidden, fault::app_bad_answer, fault::overloaded}) {
        auto const got = endpoints.heard({}, why, revoked, now);
        BOOST_TEST(failed(got, why));
        BOOST_TEST(got.set_cookie.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_session_is_asked_about_when_the_word_is_old)
{
    auto const first = session_for(ann());
    BOOST_TEST(std::holds_alternative<answer>(refresh(first, now + recheck - seconds(1)).reply));
    BOOST_TEST(asks(refresh(first, now + recheck)));
    auto const renewed = token_in(std::get<answer>(refresh(first, now + seconds(99)).reply).set_cookie);
    BOOST_TEST((opened(renewed).authorized_at == now)); // renewing by itself is nobody's word
    BOOST_TEST(asks(refresh(renewed, now + recheck)));  // though the token is younger than the grace

    sessions.authorize.recheck = seconds(0);
    BOOST_TEST(std::holds_alternative<answer>(refresh(first, now + recheck).reply));
}

BOOST_AUTO_TEST_CASE(a_session_that_a_token_opened_is_never_asked_about)
{
    auto const opened_with = open("Bearer " + token());
    auto const first = token_in(std::get<answer>(opened_with.reply).set_cookie);
    config.judge.leeway = seconds(1000);
    BOOST_TEST(!asks(refresh(first, now + recheck)));
}

BOOST_AUTO_TEST_CASE(nothing_is_renewed_by_the_way_when_the_app_has_to_be_asked)
{
    auto const first = session_for(ann(seconds(120)));
    policy::bearer_of_token const who{
        opened(first), policy::token_kind::sealed, policy::credential_source::cookie, first};
    BOOST_TEST(endpoints.renew_on_use(who, now + seconds(80)).has_value());
    BOOST_TEST(endpoints.renew_on_use(who, now + seconds(99)).has_value());
    BOOST_TEST(!endpoints.renew_on_use(who, now + recheck).has_value());
}

BOOST_AUTO_TEST_CASE(a_new_word_replaces_the_old_one_in_the_same_session)
{
    auto const first = session_for(ann());
    auto const got =
        refresh_heard(first, app_word{"ann", {grant::stt}, seconds(60), std::nullopt}, now + recheck);
    auto const before = opened(first);
    auto const next = opened(token_in(std::get<answer>(got.reply).set_cookie));
    BOOST_TEST(next.sid == before.sid);
    BOOST_TEST(next.jti != before.jti);
    BOOST_TEST((next.grants == policy::grant_set{grant::stt}));
    BOOST_TEST((next.expires_at == now + recheck + seconds(60)));
    BOOST_TEST((next.session_until == before.session_until));
    BOOST_TEST((next.authorized_at == now + recheck));
    BOOST_TEST_REQUIRE(got.renewed.has_value());
    BOOST_TEST((got.renewed->stream_until == next.stream_until));
    auto const body = boost::json::parse(std::get<answer>(got.reply).body).as_object();
    BOOST_TEST(body.at("grants").as_object().at("stt").as_bool());
}

BOOST_AUTO_TEST_CASE(no_word_goes_beyond_the_sessions_end)
{
    sessions.lifetime = seconds(200);
    auto const first = session_for(ann());
    auto const got = refresh_heard(first, ann(), now + seconds(120));
    auto const next = opened(token_in(std::get<answer>(got.reply).set_cookie));
    BOOST_TEST((next.expires_at == now + seconds(200)));
    BOOST_TEST((next.stream_until == now + seconds(200) + config.stream_outlives_token));
}

BOOST_AUTO_TEST_CASE(a_no_ends_the_session)
{
    auto const first = session_for(ann());
    for (auto const why : {fault::app_unauthorized, fault::app_forbidden}) {
        auto const got = refresh_heard(first, why, now + recheck);
        BOOST_TEST(failed(got, why));
        BOOST_TEST(got.who == "ann");
        BOOST_TEST(got.set_cookie.ends_with("; Max-Age=0"));
        BOOST_TEST_REQUIRE(got.revoke.has_value());
        BOOST_TEST((got.revoke->what == policy::revoked_by::session));
        BOOST_TEST(got.revoke->id == opened(first).sid);
        BOOST_TEST((got.revoke->until >= now + seconds(1000)));
    }
    auto const other = refresh_heard(first, app_word{"bob", {grant::tts}, {}, {}}, now + recheck);
    BOOST_TEST(failed(other, fault::app_other_user));
    BOOST_TEST(other.revoke.has_value());
}

BOOST_AUTO_TEST_CASE(an_app_that_cannot_be_asked_leaves_it_as_it_is)
{
    auto const first = session_for(ann());
    for (auto const why : {fault::app_timeout, fault::app_bad_status, fault::overloaded}) {
        auto const got = refresh_heard(first, why, now + recheck);
        BOOST_TEST(failed(got, why));
        BOOST_TEST(!got.revoke.has_value());
        BOOST_TEST(got.set_cookie.empty());
    }
}

BOOST_AUTO_TEST_CASE(no_session_is_opened_for_a_user_who_is_revoked)
{
    revoked.add(policy::revoked_by::subject, "ann", now + seconds(2000));
    BOOST_TEST(denied(endpoints.heard({}, ann(), revoked, now), denial::token_revoked));
    auto const bob = endpoints.heard({}, app_word{"bob", {grant::tts}, {}, {}}, revoked, now);
    BOOST_TEST(std::holds_alternative<answer>(bob.reply));
}

BOOST_AUTO_TEST_CASE(who_signs_out_meanwhile_stays_out)
{
    auto const first = session_for(ann());
    auto const asked = refresh(first, now + recheck);
    revoked.add(policy::revoked_by::session, opened(first).sid, now + seconds(2000));
    auto const got = endpoints.heard(std::get<question>(asked.reply), ann(), revoked, now + recheck);
    BOOST_TEST(denied(got, denial::token_revoked));
}

BOOST_AUTO_TEST_SUITE_END()
