// Hand-off codes: a backend on another host signs a browser in, and the page never sees a token.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace e2e;
namespace json = boost::json;

namespace {

struct handing_scene : scene {
    [[nodiscard]] std::string code(gateway const& from) const
    {
        auto const got =
            ask(from.port(),
                request(
                    "POST",
                    "/access-token",
                    {bearer(gateway::server_key)},
                    R"({"handoff":true,"grants":{"tts":true},"expires_in":600,"subject":"handed-over"})"));
        BOOST_REQUIRE(got.status == 200U);
        return std::string(json::parse(got.body).at("code").as_string());
    }
    [[nodiscard]] std::string code() const { return code(gate); }
    static std::string redemption(std::string const& code)
    {
        return request(
            "POST",
            "/session",
            {
                {"Content-Type", "application/json"}
        },
            "{\"code\":\"" + code + "\"}");
    }
};

std::string error_code(answer const& got)
{
    return std::string(json::parse(got.body).at("error_code").as_string());
}

/// What a browser sends back of a Set-Cookie.
field cookie_of(answer const& got)
{
    auto const set = got.value("set-cookie");
    return {"Cookie", set.substr(0, set.find(';'))};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(hand_off, handing_scene)

BOOST_AUTO_TEST_CASE(a_code_becomes_a_cookie_once)
{
    auto const one = code();
    auto const got = ask(gate.port(), redemption(one));
    BOOST_TEST(got.status == 204U);
    BOOST_TEST(got.value("set-cookie").find("HttpOnly; Secure; SameSite=Strict") != std::string::npos);
    auto const own = cookie_of(got);
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {own}, speech())).status == 200U);
    auto const told = json::parse(ask(gate.port(), request("GET", "/session", {own})).body).as_object();
    BOOST_TEST(told.at("subject").as_string() == "handed-over");
    BOOST_TEST(told.contains("session_until"));

    for (auto i = 0; i < 8; ++i) { // whichever worker is asked
        auto const again = ask(gate.port(), redemption(one));
        BOOST_TEST(again.status == 401U);
        BOOST_TEST(error_code(again) == "handoff_used");
        BOOST_TEST(!again.has("set-cookie"));
    }
}

BOOST_AUTO_TEST_CASE(a_plain_form_redeems_too)
{
    auto const form = request(
        "POST",
        "/session",
        {
            {"Content-Type", "application/x-www-form-urlencoded"}
    },
        "code=" + code());
    BOOST_TEST(ask(gate.port(), form).status == 204U);
}

BOOST_AUTO_TEST_CASE(a_foreign_page_redeems_nothing_and_spends_nothing)
{
    auto const body = "code=" + code();
    auto const foreign = request(
        "POST",
        "/session",
        {
            field{"Origin", "https://evil.example"}
    },
        body);
    BOOST_TEST(ask(gate.port(), foreign).status == 403U);
    BOOST_TEST(ask(gate.port(), request("POST", "/session", {}, body)).status == 204U);
}

BOOST_AUTO_TEST_CASE(of_many_at_once_one_wins)
{
    auto const text = redemption(code());
    std::atomic<int> won{0};
    std::atomic<int> refused{0};
    std::vector<std::jthread> all;
    for (auto i = 0; i < 16; ++i)
        all.emplace_back([&, port = gate.port()] {
            try {
                auto const got = ask(port, text);
                if (got.status == 204) ++won;
                if (got.status == 401) ++refused;
            } catch (std::exception const&) { // then it is neither, and the count below says so
            }
        });
    all.clear();
    BOOST_TEST(won == 1);
    BOOST_TEST(refused == 15);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_nothing_else)
{
    auto const one = code();
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {bearer(one)}, speech())).status == 401U);
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {cookie(one)}, speech())).status == 401U);
    BOOST_TEST(ask(gate.port(), handshake("/tts/websocket?access_token=" + one)).status == 401U);
    BOOST_TEST(ask(gate.port(), request("GET", "/session", {bearer(one)})).status == 401U);
    BOOST_TEST(ask(gate.port(), request("POST", "/session", {bearer(one)})).status == 401U);
    BOOST_TEST(ask(gate.port(), request("POST", "/session/refresh", {bearer(one)})).status == 401U);
    BOOST_TEST(upstream.requests().empty());
    auto const token_as_code = ask(gate.port(), redemption(gate.mint("tts")));
    BOOST_TEST(token_as_code.status == 401U);
    BOOST_TEST(error_code(token_as_code) == "handoff_unknown");
    BOOST_TEST(ask(gate.port(), redemption(one)).status == 204U);
}

BOOST_AUTO_TEST_CASE(another_gateway_with_the_same_keys_redeems_it)
{
    auto const other = at.another("{}");
    BOOST_TEST(ask(other.port(), redemption(code(gate))).status == 204U);
}

BOOST_AUTO_TEST_CASE(who_has_no_code_is_told_what_is_wrong)
{
    auto const got = ask(gate.port(), request("POST", "/session", {}, R"({"token":"x"})"));
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(got.body.find("hand-off code") != std::string::npos);
    BOOST_TEST(ask(gate.port(), request("POST", "/session")).status == 401U);
}

BOOST_AUTO_TEST_CASE(a_code_stands_in_no_log)
{
    auto const one = code();
    BOOST_TEST(ask(gate.port(), redemption(one)).status == 204U);
    BOOST_TEST(ask(gate.port(), redemption(one)).status == 401U);
    auto const log = gate.await_log("\"handoff_used\"");
    BOOST_TEST(log.find("handed-over") != std::string::npos);
    for (auto const& said : {log, gate.errors(), gate.admin("/metrics").body})
        BOOST_TEST(
            (said.find(one) == std::string::npos &&
             said.find(one.substr(one.size() - 40)) == std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()
