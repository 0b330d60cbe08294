// Tokens that Cartesia minted: they travel alone and unverified, and the upstream says what they are worth.
// Beside them the upstream credential that sealed tokens get.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;

namespace {

constexpr std::string_view all_grants = R"({"tts":true,"stt":true,"agent":true})";

std::string credential_of(seen_request const& seen) { return seen.value("authorization"); }

} // namespace

BOOST_FIXTURE_TEST_SUITE(cartesia_tokens, scene)

BOOST_AUTO_TEST_CASE(the_same_token_goes_upstream_and_no_other)
{
    auto const own = upstream.mint(all_grants);
    upstream.clear();
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {cookie(own)}, speech()));
    BOOST_TEST(got.status == 200U);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(credential_of(seen) == "Bearer " + own);
    BOOST_TEST(seen.count("authorization") == 1U);
    BOOST_TEST(!seen.count("x-api-key"));
    BOOST_TEST(!seen.count("cookie"));
    BOOST_TEST(upstream.token_requests().empty()); // nothing was lent to it
}

BOOST_AUTO_TEST_CASE(a_websocket_opens_with_it)
{
    auto const own = upstream.mint(R"({"tts":true})");
    upstream.clear();
    (void)open_websocket(gate.port(), "/tts/websocket?access_token=" + own);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(credential_of(seen) == "Bearer " + own);
    BOOST_TEST(seen.target.find(own) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_forged_one_buys_nothing_the_upstreams_401_passes)
{
    auto own = upstream.mint(all_grants);
    upstream.clear();
    own.back() = own.back() == 'A' ? 'Q' : 'A';
    auto const got =
        ask(gate.port(),
            request(
                "POST",
                "/tts/bytes",
                {
                    cookie(own), {"Cartesia-Version", "2026-03-01"}
    },
                speech()));
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.value("server") == "cartesia-sim"); // the upstream's own answer
    auto const seen = upstream.requests_over(1);
    BOOST_TEST(seen.size() == 1U);
    BOOST_TEST(credential_of(seen.front()) == "Bearer " + own);
}

BOOST_AUTO_TEST_CASE(one_without_the_grant_is_refused_here)
{
    auto const own = upstream.mint(R"({"stt":true})");
    upstream.clear();
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {bearer(own)}, speech()));
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_expired_one_is_refused_here)
{
    auto const own = upstream.mint(all_grants, seconds{1});
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    answer got;
    await("the end of a token of one second", [&] {
        got = ask(gate.port(), request("POST", "/tts/bytes", {bearer(own)}, "{}"));
        return got.status != 200;
    });
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.value("server") != "cartesia-sim");
}

BOOST_AUTO_TEST_CASE(a_sealed_one_where_only_cartesias_are_accepted_is_refused)
{
    auto only = at.another(R"({"tokens": {"accept": ["cartesia"], "server_keys": []}})");
    BOOST_TEST(ask(only.port(), request("POST", "/tts/bytes", {bearer(token)}, speech())).status == 401U);
    auto const own = upstream.mint(all_grants);
    BOOST_TEST(ask(only.port(), request("POST", "/tts/bytes", {bearer(own)}, speech())).status == 200U);
}

BOOST_AUTO_TEST_CASE(ending_the_session_of_one_revokes_it_here)
{
    auto const own = upstream.mint(all_grants);
    BOOST_TEST(ask(gate.port(), request("DELETE", "/session", {cookie(own)})).status == 204U);
    upstream.clear();
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 401U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(upstream_credential, scene)

BOOST_AUTO_TEST_CASE(a_sealed_token_is_replaced_by_an_access_token_with_the_same_grants)
{
    auto fresh = at.another("{}");
    auto const own = fresh.mint("tts,agent");
    upstream.clear();
    BOOST_TEST(ask(fresh.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 200U);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(credential_of(seen).starts_with("Bearer eyJ"));
    BOOST_TEST(seen.text().find(own) == std::string::npos);
    BOOST_TEST(seen.text().find(simulator::api_key) == std::string::npos);
    auto const minted = upstream.token_requests();
    BOOST_REQUIRE(minted.size() == 1U);
    auto const asked = boost::json::parse(minted.front().body).as_object();
    BOOST_TEST(asked.at("grants").as_object().at("tts").as_bool());
    auto const* const stt = asked.at("grants").as_object().if_contains("stt");
    BOOST_TEST((!stt || !stt->as_bool()));
    BOOST_TEST(asked.at("grants").as_object().at("agent").as_bool());
}

BOOST_AUTO_TEST_CASE(many_requests_at_once_share_one_minting)
{
    auto fresh = at.another("{}");
    auto const own = fresh.mint("tts");
    upstream.clear();
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    std::vector<client> all;
    for (auto i = 0; i < 20; ++i)
        all.emplace_back(fresh.port());
    for (auto& one : all)
        one.send(request("POST", "/tts/bytes", {cookie(own)}, "{}"));
    for (auto& one : all)
        BOOST_TEST(read_answer(one).status == 200U);
    BOOST_TEST(upstream.token_requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_credential_the_answer_is_503)
{
    auto fresh = at.another("{}");
    auto const own = fresh.mint("tts");
    upstream.faults(R"([{"path": "/access-token", "times": -1, "do": "status", "status": 500}])");
    auto const got = ask(fresh.port(), request("POST", "/tts/bytes", {cookie(own)}, speech()));
    BOOST_TEST(got.status == 503U);
    BOOST_TEST(upstream.requests().empty());
    upstream.clear(); // and when the upstream is well again, so is the gateway
    await("a credential", [&] {
        return ask(fresh.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 200;
    });
}

BOOST_AUTO_TEST_CASE(the_api_key_itself_can_be_the_credential)
{
    auto direct = at.another(R"({"upstream": {"credential": "api_key"}})");
    auto const own = direct.mint("tts");
    upstream.clear();
    auto const got = ask(direct.port(), request("POST", "/tts/bytes", {cookie(own)}, speech()));
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(
        credential_of(upstream.requests_over(1).front()) == "Bearer " + std::string(simulator::api_key));
    BOOST_TEST(upstream.token_requests().empty());
    BOOST_TEST((got.head + got.body).find(simulator::api_key) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
