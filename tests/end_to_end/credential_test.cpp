// Where a token may come from, and what happens when a request carries more than one.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace e2e;

namespace {

struct answering_scene : scene {
    answering_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }

    [[nodiscard]] unsigned status(fields const& more) const
    {
        return ask(gate.port(), request("POST", "/tts/bytes", more, "{}")).status;
    }

    std::string other = gate.mint("tts");
};

field key_field(std::string_view value) { return {"X-API-Key", std::string(value)}; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_sources, answering_scene)

BOOST_AUTO_TEST_CASE(a_token_may_come_as_cookie_bearer_or_key_field)
{
    BOOST_TEST(status({cookie(token)}) == 200U);
    BOOST_TEST(status({bearer(token)}) == 200U);
    BOOST_TEST(status({key_field(token)}) == 200U);
}

BOOST_AUTO_TEST_CASE(the_same_token_in_several_places_is_one_token)
{
    BOOST_TEST(status({cookie(token), bearer(token), key_field(token)}) == 200U);
}

BOOST_AUTO_TEST_CASE(a_placeholder_next_to_the_cookie_is_dropped)
{
    BOOST_TEST(status({cookie(token), bearer("placeholder")}) == 200U);
    BOOST_TEST(status({cookie(token), key_field("sk_car_placeholder")}) == 200U);
    for (auto const& seen : upstream.requests_over(2))
        BOOST_TEST(seen.text().find("placeholder") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_placeholder_alone_is_refused)
{
    BOOST_TEST(status({bearer("placeholder")}) == 401U);
    BOOST_TEST(status({key_field("sk_car_placeholder")}) == 401U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(two_tokens_that_differ_are_refused)
{
    BOOST_TEST(status({cookie(token), bearer(other)}) == 400U);
    BOOST_TEST(status({cookie(token), key_field(other)}) == 400U);
    BOOST_TEST(status({bearer(token), key_field(other)}) == 400U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(two_values_under_the_cookie_name_are_refused)
{
    auto const name = std::string("__Host-cartesia_token=");
    BOOST_TEST(
        status({
            {"Cookie", name + token + "; " + name + other}
    }) == 400U);
    BOOST_TEST(status({cookie(token), cookie(other)}) == 400U);
    BOOST_TEST(upstream.requests().empty());
    BOOST_TEST(
        status({
            {"Cookie", "a=b; " + name + token + "; " + name + token}
    }) == 200U);
}

BOOST_AUTO_TEST_CASE(two_authorization_fields_are_refused)
{
    BOOST_TEST(status({bearer(token), bearer(other)}) == 400U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(the_query_token_counts_on_websockets_only)
{
    auto const target = "/tts/websocket?access_token=" + token;
    BOOST_TEST(
        ask(gate.port(), request("POST", "/tts/bytes?access_token=" + token, {}, "{}")).status == 401U);
    (void)open_websocket(gate.port(), target);
    auto const seen = upstream.requests_over(1);
    BOOST_TEST(seen.front().text().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(older_sdks_put_the_token_into_api_key)
{
    (void)open_websocket(gate.port(), "/tts/websocket?cartesia_version=2024-06-10&api_key=" + token);
    BOOST_TEST(upstream.requests_over(1).front().target == "/tts/websocket?cartesia_version=2024-06-10");
}

BOOST_AUTO_TEST_CASE(the_query_token_must_agree_with_the_cookie)
{
    BOOST_TEST(
        ask(gate.port(), handshake("/tts/websocket?access_token=" + other, {cookie(token)})).status == 400U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(where_the_query_is_not_allowed_it_is_no_token)
{
    auto strict = at.another(R"({"tokens": {"query_token": false}})");
    BOOST_TEST(ask(strict.port(), handshake("/tts/websocket?access_token=" + token)).status == 401U);
    auto const opened =
        open_websocket(strict.port(), "/tts/websocket?x=1&access_token=ignored", {cookie(token)});
    BOOST_TEST(upstream.requests().back().target == "/tts/websocket?x=1"); // and still goes no further
}

BOOST_AUTO_TEST_CASE(another_cookie_name_can_be_configured)
{
    auto named = at.another(R"({"tokens": {"cookie": "voice"}})");
    auto const with = [&](std::string const& cookies) {
        return ask(named.port(),
                   request(
                       "POST",
                       "/tts/bytes",
                       {
                           {"Cookie", cookies}
        },
                       "{}"))
            .status;
    };
    BOOST_TEST(with("voice=" + token) == 200U);
    BOOST_TEST(with("__Host-cartesia_token=" + token) == 401U);
}

BOOST_AUTO_TEST_SUITE_END()
