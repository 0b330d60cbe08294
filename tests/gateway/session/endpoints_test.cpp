#include "tests/gateway/session/bench.hpp"

#include "gateway/base/signature_verifier.hpp"
#include "tests/app_signer.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tests;
using policy::denial;
using policy::method;

namespace {

answer const& answered(outcome const& got)
{
    BOOST_TEST_REQUIRE(std::holds_alternative<answer>(got.reply));
    return std::get<answer>(got.reply);
}

bool denied(outcome const& got, denial why)
{
    return std::holds_alternative<denial>(got.reply) && std::get<denial>(got.reply) == why;
}

bool failed(outcome const& got, fault why)
{
    return std::holds_alternative<fault>(got.reply) && std::get<fault>(got.reply) == why;
}

std::string bearer(std::string_view token) { return "Bearer " + std::string(token); }
std::string cookie(std::string_view token)
{
    return "a=1; __Host-cartesia_token=" + std::string(token) + "; b=2";
}

bench::ask mint(std::string body, std::string_view key = all_key)
{
    return {method::post, endpoint_name::access_token, bearer(key), {}, {}, std::move(body)};
}

/// base64url of `{"alg":"HS256"}`, of claims and of a signature that nobody here can verify.
std::string const cartesia_token = "eyJhbGciOiJIUzI1NiIsImtpZCI6InNzaWRfMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMiJ9."
                                   "eyJncmFudHMiOnsidHRzIjp0cnVlfSwianRpIjoiQWJjZEVmZ2gxMjM0IiwiaWF0IjoxODAwM"
                                   "DAwMDAwLCJpc3MiOiJodHRwczovL2FwaS5jYXJ0ZX"
                                   "NpYS5haSIsImV4cCI6MTgwMDAwMDA2MH0."
                                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

} // namespace

BOOST_AUTO_TEST_SUITE(own_endpoints)

BOOST_AUTO_TEST_CASE(paths_are_exact)
{
    BOOST_TEST((session::own_endpoint("/access-token") == endpoint_name::access_token));
    BOOST_TEST((session::own_endpoint("/session") == endpoint_name::session));
    BOOST_TEST((session::own_endpoint("/session/refresh") == endpoint_name::renew));
    for (auto const* path : {"/", "/session/", "/sessions", "/Session", "/access-token/x"})
        BOOST_TEST(!session::own_endpoint(path).has_value(), path);
}

BOOST_AUTO_TEST_CASE(a_minted_token_says_what_was_asked_for)
{
    bench const b;
    auto const got = b.handle(
        mint(R"({"grants":{"tts":true,"stt":false,"agent":true},"expires_in":120,"subject":"ann"})"));
    auto const body = boost::json::parse(answered(got).body).as_object();
    BOOST_TEST(got.who == "app");
    BOOST_TEST(body.at("expires_at").as_int64() == 1'800'000'120);
    auto const token = std::string(body.at("token").as_string());
    BOOST_TEST(token.size() < 512U);
    auto const about = b.opened(token);
    BOOST_TEST(about.sub == "ann");
    BOOST_TEST((about.grants == policy::grant_set{policy::grant::tts, policy::grant::agent}));
    BOOST_TEST((about.expires_at == now + std::chrono::seconds(120)));
    BOOST_TEST((about.not_before == now));
    BOOST_TEST(about.jti.size() == 16U);
    BOOST_TEST(about.jti != about.sid);
}

BOOST_AUTO_TEST_CASE(nothing_asked_for_is_a_short_token_without_rights)
{
    bench const b;
    for (auto const* body :
         {"", "{}", R"({"grants":null,"expires_in":null,"subject":null,"new_input":[1]})"}) {
        auto const got = boost::json::parse(answered(b.handle(mint(body))).body).as_object();
        auto const about = b.opened(std::string(got.at("token").as_string()));
        BOOST_TEST(about.grants.empty());
        BOOST_TEST((about.expires_at == now + b.config.lifetime_default));
        BOOST_TEST(about.sub.empty());
    }
}

BOOST_AUTO_TEST_CASE(only_server_keys_mint)
{
    bench const b;
    auto without = mint("{}");
    without.authorization.clear();
    BOOST_TEST(failed(b.handle(without), fault::server_key_required));
    without.authorization = "Basic YTpi";
    BOOST_TEST(failed(b.handle(without), fault::server_key_required));
    without.cookies = cookie(b.token());
    without.authorization.clear();
    BOOST_TEST(failed(b.handle(without), fault::server_key_required));
    BOOST_TEST(failed(b.handle(mint("{}", "vgk_other")), fault::server_key_wrong));
    BOOST_TEST(failed(b.handle(mint("{}", b.token())), fault::server_key_wrong));

    auto by_field = mint("{}");
    by_field.authorization.clear();
    by_field.api_key_field = all_key;
    answered(b.handle(by_field));
    by_field.authorization = bearer(all_key);
    answered(b.handle(by_field));
    by_field.authorization = bearer(tts_key);
    BOOST_TEST(denied(b.handle(by_field), denial::conflicting_credentials));
}

BOOST_AUTO_TEST_CASE(a_server_key_gives_away_no_more_than_it_has)
{
    bench const b;
    answered(b.handle(mint(R"({"grants":{"tts":true,"stt":false}})", tts_key)));
    BOOST_TEST(
        failed(b.handle(mint(R"({"grants":{"tts":true,"stt":true}})", tts_key)), fault::grant_not_yours));
}

BOOST_AUTO_TEST_CASE(a_server_key_stays_below_its_ceilings)
{
    bench b;
    b.config.lifetime_default = std::chrono::seconds(300);
    auto& key = b.config.server_keys[1];
    key.lifetime_max = std::chrono::seconds(120);
    key.subject_prefix = "tenant-7:";
    auto const ask = [&](std::string body) { return b.handle(mint(std::move(body), tts_key)); };
    BOOST_TEST(failed(ask(R"({"subject":"tenant-7:ann","expires_in":121})"), fault::lifetime_not_yours));
    for (auto const* body :
         {"{}",
          R"({"subject":""})",
          R"({"subject":"tenant-7"})",
          R"({"subject":"tenant-8:ann"})",
          R"({"subject":"Tenant-7:ann"})",
          R"({"subject":"x tenant-7:ann"})"})
        BOOST_TEST(failed(ask(body), fault::subject_not_yours), body);
    answered(ask(R"({"subject":"tenant-7:ann","expires_in":120})"));
    auto const usual = boost::json::parse(answered(ask(R"({"subject":"tenant-7:ann"})")).body).as_object();
    BOOST_TEST(usual.at("expires_at").as_int64() == 1'800'000'120);     // the default is cut to the ceiling
    answered(b.handle(mint(R"({"subject":"ann","expires_in":3600})"))); // another key's ceilings are its own
}

BOOST_AUTO_TEST_CASE(a_flawed_body_is_named)
{
    bench const b;
    auto const got = b.handle(mint(R"({"expires_in":3601})"));
    BOOST_TEST(failed(got, fault::bad_own_request));
    BOOST_TEST(got.message == "expires_in must be an integer from 1 to 3600, in seconds.");
}

BOOST_AUTO_TEST_CASE(a_bearer_token_becomes_a_cookie)
{
    bench const b;
    auto const token = b.token();
    auto const later = now + std::chrono::seconds(20);
    auto const got = b.handle({method::post, endpoint_name::session, bearer(token), {}, {}, {}}, later);
    BOOST_TEST(answered(got).status == 204U);
    auto const& set = answered(got).set_cookie;
    BOOST_TEST(set.ends_with("; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=40"));
    auto const given = b.opened(token);
    auto const first = b.opened(token_in(set));
    BOOST_TEST(first.sid == given.sid);
    BOOST_TEST(first.jti != given.jti);
    BOOST_TEST(first.sub == "ann");
    BOOST_TEST((first.grants == given.grants));
    BOOST_TEST((first.expires_at == given.expires_at));
    BOOST_TEST((first.session_until == later + b.sessions.lifetime));
    BOOST_TEST(got.who == "ann");
    answered(b.handle({method::post, endpoint_name::session, {}, token, {}, {}}));
    answered(b.handle({method::post, endpoint_name::session, bearer(cartesia_token), {}, {}, {}}));
}

BOOST_AUTO_TEST_CASE(a_cookie_alone_opens_no_session_and_a_new_token_replaces_it)
{
    bench const b;
    BOOST_TEST(denied(
        b.handle({method::post, endpoint_name::session, {}, {}, cookie(b.token()), {}}), denial::no_token));
    auto const fresh = b.token();
    auto const got =
        b.handle({method::post, endpoint_name::session, bearer(fresh), {}, cookie(b.token()), {}});
    BOOST_TEST(b.opened(token_in(answered(got).set_cookie)).sid == b.opened(fresh).sid);
}

BOOST_AUTO_TEST_CASE(a_foreign_page_signs_nobody_in_whatever_token_it_holds)
{
    bench b;
    auto open = bench::ask{method::post, endpoint_name::session, bearer(b.token()), {}, {}, {}};
    open.came.origin = "https://evil.test";
    BOOST_TEST(denied(b.handle(open), denial::origin_not_allowed));
    open.came.origin = "https://app.example.com";
    BOOST_TEST(denied(b.handle(open), denial::origin_not_allowed));
    b.config.judge.origins = {"https://app.example.com"};
    answered(b.handle(open));
    open.came = {};
    answered(b.handle(open)); // the app's server, say
    open.came.fetch_site = "cross-site";
    BOOST_TEST(denied(b.handle(open), denial::cross_site_request));
}

BOOST_AUTO_TEST_CASE(a_foreign_page_neither_renews_nor_ends_nor_reads_a_session)
{
    bench const b;
    auto const token = b.token();
    auto const ask = [&](method verb, endpoint_name to) {
        bench::ask of{verb, to, {}, {}, cookie(token), {}};
        of.came = {.host = "voice.example.com", .origin = "https://evil.test"};
        return b.handle(of);
    };
    BOOST_TEST(denied(ask(method::post, endpoint_name::renew), denial::origin_not_allowed));
    BOOST_TEST(denied(ask(method::get, endpoint_name::session), denial::origin_not_allowed));
    auto const ended = ask(method::del, endpoint_name::session);
    BOOST_TEST(denied(ended, denial::origin_not_allowed));
    BOOST_TEST(!ended.revoke.has_value());
}

BOOST_AUTO_TEST_CASE(a_session_is_not_opened_with_a_bad_token)
{
    bench b;
    auto const token = b.token();
    auto const open = [&](std::string const& with, policy::seconds_since_epoch at) {
        return b.handle({method::post, endpoint_name::session, bearer(with), {}, {}, {}}, at);
    };
    BOOST_TEST(denied(open(token, now + std::chrono::seconds(60)), denial::token_expired));
    auto forged = token;
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    BOOST_TEST(denied(open(forged, now), denial::token_forged));
    b.config.judge.leeway = std::chrono::seconds(10);
    BOOST_TEST(denied(open(token, now + std::chrono::seconds(60)), denial::token_expired));
}

BOOST_AUTO_TEST_CASE(a_session_tells_who_and_never_the_token)
{
    bench const b;
    auto const token = b.token("ann \"the\" first");
    auto const got = b.handle({method::get, endpoint_name::session, {}, {}, cookie(token), {}});
    BOOST_TEST(
        answered(got).body ==
        R"({"subject":"ann \"the\" first","grants":{"tts":true,"stt":false,"agent":false},"expires_at":1800000060,)"
        R"("stream_until":1800003660})");
    BOOST_TEST(answered(got).set_cookie.empty());
    answered(b.handle({method::get, endpoint_name::session, bearer(token), {}, {}, {}}));
    BOOST_TEST(denied(b.handle({method::get, endpoint_name::session, {}, {}, {}, {}}), denial::no_token));
}

BOOST_AUTO_TEST_CASE(ending_a_session_revokes_it_and_clears_the_cookie)
{
    bench b;
    auto const token = b.token();
    auto const got = b.handle({method::del, endpoint_name::session, {}, {}, cookie(token), {}});
    BOOST_TEST(answered(got).status == 204U);
    BOOST_TEST(
        answered(got).set_cookie ==
        "__Host-cartesia_token=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0");
    BOOST_TEST(answered(got).clear_site_cookies);
    BOOST_TEST_REQUIRE(got.revoke.has_value());
    BOOST_TEST((got.revoke->what == policy::revoked_by::session));
    BOOST_CHECK(got.revoke->by == policy::vouched::verified);
    BOOST_TEST((got.revoke->until >= now + b.config.lifetime_max));

    b.revoked.add(got.revoke->what, got.revoke->id, got.revoke->until);
    BOOST_TEST(denied(
        b.handle({method::get, endpoint_name::session, {}, {}, cookie(token), {}}), denial::token_revoked));
    answered(b.handle({method::get, endpoint_name::session, {}, {}, cookie(b.token()), {}}));

    b.sessions.clear_site_data = false;
    auto const sparing = b.handle({method::del, endpoint_name::session, {}, {}, cookie(b.token()), {}});
    BOOST_TEST(!answered(sparing).clear_site_cookies);
}

BOOST_AUTO_TEST_CASE(a_token_of_the_apps_ends_with_its_session)
{
    bench b;
    b.sessions.lifetime = std::chrono::seconds(0);
    b.config.judge.app = policy::app_token_rules{"https://app.example", "voice", std::chrono::hours(2)};
    app_signer const app("ES256", "k");
    published<certs::signature_keys> const keys(std::make_shared<certs::signature_keys const>(app.jwk_set()));
    signature_verifier const verifier(keys);
    policy::judge const judge(b.config.judge, b.routes, b.cipher, &verifier);
    session::endpoints const endpoints(
        b.config, b.sessions, judge, b.cipher, b.redeemed, b.proven, certs::system_random);

    auto const authorization = bearer(app.token(
        R"({"iss":"https://app.example","aud":"voice","exp":1800000060,"sub":"ann","sid":"s","grants":{}})"));
    session::own_request request;
    request.to = endpoint_name::session;
    request.head = {.verb = method::get, .raw_target = "/session", .authorization = authorization};
    BOOST_TEST(answered(endpoints.handle(request, b.revoked, now)).body.find("ann") != std::string::npos);
    request.head.verb = method::del;
    auto const got = endpoints.handle(request, b.revoked, now);
    BOOST_TEST_REQUIRE(got.revoke.has_value());
    BOOST_TEST((got.revoke->what == policy::revoked_by::session));
    BOOST_TEST(got.revoke->id == "s");
    BOOST_CHECK(got.revoke->by == policy::vouched::verified);
    BOOST_TEST((got.revoke->until == now + std::chrono::hours(2))); // others of the session may live so long
}

BOOST_AUTO_TEST_CASE(a_cartesia_token_is_revoked_by_its_own_unverified_word)
{
    bench const b;
    auto const got = b.handle({method::del, endpoint_name::session, {}, {}, cookie(cartesia_token), {}});
    BOOST_TEST_REQUIRE(got.revoke.has_value());
    BOOST_TEST((got.revoke->what == policy::revoked_by::token_id));
    BOOST_TEST(got.revoke->id == "AbcdEfgh1234");
    BOOST_CHECK(got.revoke->by == policy::vouched::unverified);
    BOOST_TEST((got.revoke->until == now + std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_CASE(other_methods_are_told_which_there_are)
{
    bench const b;
    auto const wrong = b.handle({method::get, endpoint_name::access_token, bearer(all_key), {}, {}, {}});
    BOOST_TEST(denied(wrong, denial::method_not_allowed));
    BOOST_TEST(wrong.allowed.has(method::post));
    BOOST_TEST(!wrong.allowed.has(method::get));
    BOOST_TEST(denied(
        b.handle({method::other, endpoint_name::session, {}, {}, {}, {}}), denial::method_not_allowed));

    auto const asked = b.handle({method::options, endpoint_name::session, {}, {}, {}, {}});
    BOOST_TEST(answered(asked).status == 204U);
    BOOST_TEST(answered(asked).allow.has(method::del));
}

namespace {

struct nothing_may_be_tried final : policy::standing {
    bool may_try(std::string_view) noexcept override { return false; }
    bool was_rejected(std::string_view) const noexcept override { return false; }
};

bool was_refused_untried(outcome const& got)
{
    auto const* const why = std::get_if<policy::denial>(&got.reply);
    return why && *why == policy::denial::too_many_failures;
}

} // namespace

BOOST_AUTO_TEST_CASE(while_an_address_waits_keys_codes_and_tokens_are_not_tried)
{
    bench const b;
    nothing_may_be_tried sender;
    auto const token = "Bearer " + b.token();
    auto const handle = [&](bench::ask const& what) { return b.handle(what, now, &sender); };
    BOOST_TEST(was_refused_untried(
        handle({method::post, endpoint_name::access_token, "Bearer " + std::string(all_key), {}, {}, "{}"})));
    BOOST_TEST(
        was_refused_untried(handle({method::post, endpoint_name::session, {}, {}, {}, R"({"code":"c"})"})));
    BOOST_TEST(was_refused_untried(handle({method::post, endpoint_name::session, token, {}, {}, {}})));
    BOOST_TEST(was_refused_untried(handle({method::get, endpoint_name::session, token, {}, {}, {}})));
    BOOST_TEST(was_refused_untried(handle({method::post, endpoint_name::renew, token, {}, {}, {}})));
    BOOST_TEST(!was_refused_untried(handle({method::get, endpoint_name::session, {}, {}, {}, {}})));
}

BOOST_AUTO_TEST_CASE(what_is_minted_here_is_known_and_so_is_the_key_that_did)
{
    bench const b;
    auto const key = "Bearer " + std::string(all_key);
    BOOST_TEST(!b.proven.has(all_key));
    auto const minted =
        answered(b.handle({method::post, endpoint_name::access_token, key, {}, {}, "{}"})).body;
    auto const from = minted.find(":\"") + 2;
    auto const token = minted.substr(from, minted.find('"', from) - from);
    BOOST_TEST(b.proven.has(all_key));
    BOOST_TEST(b.proven.has(token));

    auto const opened =
        answered(b.handle({method::post, endpoint_name::session, "Bearer " + token, {}, {}, {}})).set_cookie;
    BOOST_TEST(b.proven.has(token_in(opened)));
    BOOST_TEST(!b.proven.has(token_in(opened).substr(1) + "x"));
}

BOOST_AUTO_TEST_SUITE_END()
