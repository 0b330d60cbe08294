#include "policy/judge.hpp"

#include "tests/policy/samples.hpp"
#include "tests/policy/toy_cipher.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <string>
#include <type_traits>

namespace data = boost::unit_test::data;
using policy::credential_source;
using policy::denial;
using policy::grant_set;
using policy::method;
using policy::request;
using policy::token_kind;
using policy::transport;
using test::now;
using test::sample_claims;
using namespace std::chrono_literals;

// The permit is the verdict: nobody else can make one.
static_assert(!std::is_default_constructible_v<policy::admission>);
static_assert(
    !std::
        is_constructible_v<policy::admission, policy::route const*, policy::target, policy::bearer_of_token>);

BOOST_AUTO_TEST_SUITE(judging)

namespace {

/// All that a judge needs, and one request that passes, to be changed.
struct court {
    policy::judge_settings settings;
    policy::route_table routes;
    test::toy_cipher cipher;
    policy::revocation_list revoked{16, {}};
    policy::judge judge{settings, routes, cipher};
    std::string token = policy::seal(sample_claims(), cipher, {1}, now);

    std::string target = "/tts/bytes";
    std::vector<std::string> cookies;
    std::optional<std::string> authorization;
    std::optional<std::string> api_key_field;
    method verb = method::post;
    transport over = transport::http;
    policy::provenance came{.host = "voice.example.com", .origin = "https://voice.example.com"};

    void cookie(std::string_view value) { cookies = {"__Host-cartesia_token=" + std::string(value)}; }
    void open_websocket(std::string where)
    {
        target = std::move(where);
        verb = method::get;
        over = transport::websocket;
    }

    template <class Call>
    auto with_request(Call call)
    {
        std::vector<std::string_view> const fields(cookies.begin(), cookies.end());
        return call(request{
            .verb = verb,
            .raw_target = target,
            .over = over,
            .cookie_fields = fields,
            .authorization = authorization,
            .api_key_field = api_key_field,
            .came = came});
    }
    auto decide(policy::standing* known = nullptr)
    {
        return with_request([&](request const& of) { return judge.decide(of, revoked, now, known); });
    }
    auto identify()
    {
        return with_request([this](request const& of) { return judge.identify(of, revoked, now); });
    }
    denial refused()
    {
        auto const verdict = decide();
        BOOST_REQUIRE(verdict.has_error());
        return verdict.error();
    }
};

grant_set set_of(unsigned bits)
{
    grant_set set;
    for (auto g : policy::all_grants)
        if ((bits >> static_cast<unsigned>(g) & 1U) != 0) set.add(g);
    return set;
}

std::string grants_json(grant_set grants)
{
    std::string out = "{";
    for (auto g : policy::all_grants)
        out += (out.size() > 1 ? ",\"" : "\"") + std::string(policy::name(g)) +
               (grants.has(g) ? "\":true" : "\":false");
    return out + '}';
}

} // namespace

/// Every row of the table with every set of grants, in both kinds of token.
BOOST_DATA_TEST_CASE(
    a_row_opens_to_its_grant_alone,
    data::xrange(policy::route_table{}.rows().size()) * data::xrange(grant_set::distinct) *
        data::make({false, true}),
    row_index,
    bits,
    sealed)
{
    court c;
    auto const& row = c.routes.rows()[row_index];
    auto const grants = set_of(static_cast<unsigned>(bits));
    c.target = row.path;
    if (auto const open = c.target.find('{'); open != std::string::npos)
        c.target.replace(open, std::string::npos, "some_id-1");
    c.verb = row.methods.has(method::get) ? method::get : method::post;
    c.over = row.over;
    c.cookie(
        sealed ? policy::seal(sample_claims(grants), c.cipher, {1}, now)
               : test::cartesia_token(grants_json(grants)));

    auto const verdict = c.decide();
    BOOST_TEST(verdict.has_value() == grants.has(row.needs), c.target);
    if (verdict) {
        BOOST_TEST((&verdict->row() == &row));
        BOOST_TEST(verdict->where_to().path == c.target);
        BOOST_TEST((verdict->who().about.grants == grants));
        BOOST_TEST((verdict->who().kind == (sealed ? token_kind::sealed : token_kind::cartesia)));
    } else {
        BOOST_TEST(verdict.error() == denial::grant_missing);
    }
}

BOOST_AUTO_TEST_CASE(a_token_may_come_from_three_places)
{
    for (auto from :
         {credential_source::cookie, credential_source::bearer, credential_source::api_key_field}) {
        court c;
        if (from == credential_source::cookie) c.cookie(c.token);
        if (from == credential_source::bearer) c.authorization = "Bearer " + c.token;
        if (from == credential_source::api_key_field) c.api_key_field = c.token;
        auto const verdict = c.decide();
        BOOST_REQUIRE(verdict.has_value());
        BOOST_TEST(verdict->who().from == from);
        BOOST_TEST(verdict->who().text == c.token);
        BOOST_TEST(verdict->who().about.jti == sample_claims().jti);
        auto const who = c.identify();
        BOOST_REQUIRE(who.has_value());
        BOOST_TEST(who->from == from);
        BOOST_TEST(who->about.sid == sample_claims().sid);
    }
}

BOOST_AUTO_TEST_CASE(a_query_token_counts_on_websockets_that_allow_it_only)
{
    court c;
    c.open_websocket("/tts/websocket?access_token=" + c.token);
    BOOST_TEST(c.refused() == denial::no_token);

    c.settings.accepts_query_token = true;
    auto const verdict = c.decide();
    BOOST_REQUIRE(verdict.has_value());
    BOOST_TEST(verdict->who().from == credential_source::query);
    BOOST_REQUIRE(c.identify().has_value()); // a handshake that came in clear burns this token, too
    BOOST_TEST(c.identify()->from == credential_source::query);

    c.target += "&api_key=other";
    BOOST_TEST(c.refused() == denial::conflicting_credentials);

    c.target = "/tts/bytes?access_token=" + c.token;
    c.verb = method::post;
    c.over = transport::http;
    BOOST_TEST(c.refused() == denial::no_token);

    // A query token that is not accepted is no party to a dispute either.
    c.target = "/tts/bytes?access_token=" + policy::seal(sample_claims(), c.cipher, {2}, now);
    c.cookie(c.token);
    BOOST_TEST(c.decide().has_value());
}

BOOST_AUTO_TEST_CASE(a_placeholder_beside_a_cookie_is_dropped_and_a_second_token_is_not)
{
    court c;
    c.cookie(c.token);
    c.authorization = "Bearer sk_car_placeholder";
    c.api_key_field = "unused";
    BOOST_TEST(c.decide().has_value());
    c.authorization = "Bearer " + test::cartesia_token();
    BOOST_TEST(c.refused() == denial::conflicting_credentials);
    c.authorization = "Basic " + test::cartesia_token();
    BOOST_TEST(c.decide().has_value());
    c.authorization = "Bearer " + c.token;
    BOOST_TEST(c.decide().has_value());
}

BOOST_AUTO_TEST_CASE(a_long_token_is_refused_before_any_cryptography)
{
    court c;
    c.cookie(c.token + std::string(policy::token_bytes_max, 'A'));
    BOOST_TEST(c.refused() == denial::token_malformed);
    c.cookie(test::cartesia_token() + std::string(policy::token_bytes_max, 'A'));
    BOOST_TEST(c.refused() == denial::token_malformed);
    BOOST_TEST(c.cipher.openings == 0U);
}

namespace {

struct denied {
    std::string_view title;
    std::function<void(court&)> make;
    denial why = denial::no_token;
    bool own = true; ///< `identify` says the same
    friend std::ostream& operator<<(std::ostream& out, denied const& d) { return out << d.title; }
};

std::vector<denied> const all_denied{
    {"no token", [](court& c) { c.cookies.clear(); }, denial::no_token},
    {"empty cookie", [](court& c) { c.cookie(""); }, denial::no_token},
    {"other scheme", [](court& c) { c.cookies.clear(), c.authorization = "Basic x"; }, denial::no_token},
    {"malformed cookie", [](court& c) { c.cookie('"' + c.token + '"'); }, denial::malformed_cookie},
    {"two cookies",
     [](court& c) { c.cookies.push_back("__Host-cartesia_token=x"); },
     denial::conflicting_cookies},
    {"cookie against header",
     [](court& c) { c.cookie("junk"), c.api_key_field = c.token; },
     denial::conflicting_credentials},
    {"foreign page",
     [](court& c) { c.came.origin = "https://evil.example"; },
     denial::origin_not_allowed},
    {"foreign page by a listed one's leave",
     [](court& c) {
         c.settings.origins = {"https://app.example.com"};
         c.came.fetch_site = "same-site";
     },
     denial::cross_site_request},
    {"no page at all", [](court& c) { c.came.origin.reset(); }, denial::origin_unproven},
    {"no token by its shape", [](court& c) { c.cookie("sk_car_0123"); }, denial::token_malformed},
    {"bearer list",
     [](court& c) { c.cookies.clear(), c.authorization = "Bearer " + c.token + ", x"; },
     denial::token_malformed},
    {"sealed not accepted",
     [](court& c) { c.settings.accepts_sealed = false; },
     denial::token_kind_not_accepted},
    {"cartesia not accepted",
     [](court& c) { c.settings.accepts_cartesia = false, c.cookie(test::cartesia_token()); },
     denial::token_kind_not_accepted},
    {"forged",
     [](court& c) {
         c.cookie(policy::seal(sample_claims(), test::toy_cipher{{{"k1", 1}}}, {1}, now));
     },
     denial::token_forged},
    {"other issuer",
     [](court& c) { c.settings.cartesia_issuer = "https://other", c.cookie(test::cartesia_token()); },
     denial::token_malformed},
    {"expired",
     [](court& c) {
         auto about = sample_claims();
         about.expires_at = now;
         c.cookie(policy::seal(about, c.cipher, {2}, now));
     },
     denial::token_expired},
    {"not yet valid",
     [](court& c) {
         auto about = sample_claims();
         about.not_before = now + 1s;
         c.cookie(policy::seal(about, c.cipher, {2}, now));
     },
     denial::token_not_yet_valid},
    {"revoked token",
     [](court& c) { c.revoked.add(policy::revoked_by::token_id, sample_claims().jti, now + 1s); },
     denial::token_revoked},
    {"revoked session",
     [](court& c) { c.revoked.add(policy::revoked_by::session, sample_claims().sid, now + 1s); },
     denial::token_revoked},
    {"revoked subject",
     [](court& c) { c.revoked.add(policy::revoked_by::subject, sample_claims().sub, now + 1s); },
     denial::token_revoked},
    {"target", [](court& c) { c.target = "/tts/../tts/bytes"; }, denial::target_not_canonical, false},
    {"long target",
     [](court& c) { c.target += '?' + std::string(policy::target_bytes_max, 'a'); },
     denial::target_too_long,
     false},
    {"path", [](court& c) { c.target = "/voices"; }, denial::no_route, false},
    {"method", [](court& c) { c.verb = method::put; }, denial::method_not_allowed, false},
    {"no upgrade",
     [](court& c) { c.open_websocket("/tts/websocket"), c.over = transport::http; },
     denial::upgrade_required,
     false},
    {"upgrade", [](court& c) { c.over = transport::websocket; }, denial::upgrade_not_allowed, false},
    {"grant", [](court& c) { c.target = "/stt"; }, denial::grant_missing, false},
};

} // namespace

BOOST_DATA_TEST_CASE(each_denial_has_its_reason, data::make(all_denied), d)
{
    court c;
    c.cookie(c.token);
    BOOST_REQUIRE(c.decide().has_value());
    d.make(c);
    BOOST_TEST(c.refused() == d.why);
    auto const who = c.identify(); // which looks at no target, row or grant
    if (d.own)
        BOOST_TEST(who.error() == d.why);
    else
        BOOST_TEST(who.has_value());
}

/// The order of the reasons: each step puts right what was refused, and the next reason shows.
BOOST_AUTO_TEST_CASE(the_first_reason_is_the_one_given)
{
    court c;
    auto late = sample_claims({policy::grant::stt});
    late.expires_at = now - 5s;
    c.revoked.add(policy::revoked_by::token_id, late.jti, now + 1s);
    c.settings.accepts_sealed = false;
    c.came.origin = "null";

    c.target = "/voices/";
    BOOST_TEST(c.refused() == denial::target_not_canonical);
    c.target = "/voices";
    BOOST_TEST(c.refused() == denial::no_route);
    c.target = "/tts/bytes";
    BOOST_TEST(c.refused() == denial::no_token);
    c.cookie(policy::seal(late, c.cipher, {2}, now));
    BOOST_TEST(c.refused() == denial::origin_not_allowed);
    c.came.origin = "https://voice.example.com";
    BOOST_TEST(c.refused() == denial::token_kind_not_accepted);
    c.settings.accepts_sealed = true;
    BOOST_TEST(c.cipher.openings == 0U);
    BOOST_TEST(c.refused() == denial::token_expired);
    c.settings.leeway = 6s;
    BOOST_TEST(c.refused() == denial::token_revoked);
    BOOST_TEST(c.cipher.openings == 2U); // one for each verdict
    c.revoked.forget_expired(now + 1s);
    BOOST_TEST(c.refused() == denial::grant_missing);
    c.target = "/stt";
    BOOST_TEST(c.decide().has_value());
}

BOOST_AUTO_TEST_CASE(a_cartesia_token_without_jti_is_revoked_by_its_signature)
{
    court c;
    auto const token = test::jws(
        test::cartesia_header, R"({"iss":"https://api.cartesia.ai","exp":1744749614,"grants":{"tts":true}})");
    c.cookie(token);
    auto const who = c.identify();
    BOOST_REQUIRE(who.has_value());
    c.revoked.add(policy::revoked_by::token_id, who->about.jti, now + 1s);
    BOOST_TEST(c.refused() == denial::token_revoked);
}

BOOST_AUTO_TEST_CASE(the_judge_knows_its_table)
{
    court const c;
    BOOST_TEST((&c.judge.routes() == &c.routes));
}

namespace {

/// What a test holds against a sender, and what it was asked.
struct held final : policy::standing {
    bool lets_try = true;
    bool rejects = false;
    std::vector<std::string> tried;
    mutable std::vector<std::string> looked_up;

    bool may_try(std::string_view credential) noexcept override
    {
        tried.emplace_back(credential);
        return lets_try;
    }
    bool was_rejected(std::string_view token) const noexcept override
    {
        looked_up.emplace_back(token);
        return rejects;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(who_failed_too_often_is_refused_before_any_cryptography)
{
    for (auto const& [credential, sealed] : {std::pair{court().token, true}, {"placeholder", false}}) {
        court c;
        held against;
        against.lets_try = false;
        c.authorization = "Bearer " + (sealed ? c.token : credential);
        auto const verdict = c.decide(&against);
        BOOST_REQUIRE(verdict.has_error());
        BOOST_TEST(verdict.error() == denial::too_many_failures);
        BOOST_TEST(c.cipher.openings == 0U);
        BOOST_TEST(against.tried.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(who_shows_nothing_or_does_not_know_what_tries_nothing)
{
    court c;
    held against;
    against.lets_try = false;
    BOOST_TEST(c.decide(&against).error() == denial::no_token);
    c.authorization = "Bearer a";
    c.api_key_field = "b";
    BOOST_TEST(c.decide(&against).error() == denial::conflicting_credentials);
    c.target = "/nowhere";
    BOOST_TEST(c.decide(&against).error() == denial::no_route);
    BOOST_TEST(against.tried.empty());
}

BOOST_AUTO_TEST_CASE(a_foreign_page_does_not_learn_that_others_failed)
{
    court c;
    held against;
    against.lets_try = false;
    c.cookie(c.token);
    c.came.origin = "https://evil.example";
    BOOST_TEST(c.decide(&against).error() == denial::origin_not_allowed);
}

BOOST_AUTO_TEST_CASE(what_cartesia_refused_is_refused_and_asked_of_its_tokens_alone)
{
    court c;
    held against;
    against.rejects = true;
    c.cookie(c.token);
    BOOST_TEST(c.decide(&against).has_value());
    BOOST_TEST(against.looked_up.empty());
    auto const own = test::cartesia_token(R"({"tts":true})");
    c.cookie(own);
    BOOST_TEST(c.decide(&against).error() == denial::token_rejected);
    BOOST_TEST(against.looked_up == std::vector{own}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_request_is_verified_once_and_its_term_without_cryptography)
{
    court c;
    c.cookie(c.token);
    auto const verdict = c.decide();
    BOOST_REQUIRE(verdict.has_value());
    BOOST_TEST(c.cipher.openings == 1U);
    auto const& who = verdict->who();
    BOOST_TEST(!c.judge.flaw_in_term(who, c.revoked, now));
    BOOST_TEST((c.judge.flaw_in_term(who, c.revoked, who.about.expires_at) == denial::token_expired));
    c.revoked.add(policy::revoked_by::token_id, who.about.jti, now + 1h);
    BOOST_TEST((c.judge.flaw_in_term(who, c.revoked, now) == denial::token_revoked));
    BOOST_TEST(c.cipher.openings == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
