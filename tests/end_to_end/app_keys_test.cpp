// The app's keys at a URL: fetched ahead of need, rotated, and kept when they cannot be fetched.
#include "tests/app_signer.hpp"
#include "tests/end_to_end/support/backend.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>

using namespace e2e;

namespace {

std::string claims()
{
    auto const now = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch());
    return R"({"iss":"https://app.example","aud":"voice","sub":"ann","grants":{"tts":true},"exp":)" +
           std::to_string(now.count() + 600) + "}";
}

struct keys_scene : scene {
    keys_scene()
    {
        upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200}])");
    }

    [[nodiscard]] gateway with_keys_url() const
    {
        return at.another(
            R"({"tokens":{"jwt":{"keys_url":")" + app.url("/keys") +
            R"(","issuer":"https://app.example","audience":"voice"}}})");
    }
    [[nodiscard]] static unsigned speak(gateway const& own, app_signer const& signer)
    {
        return ask(own.port(), request("POST", "/tts/bytes", {bearer(signer.token(claims()))}, "{}")).status;
    }

    backend app;
    app_signer const first{"ES256", "k1"};
    app_signer const second{"EdDSA", "k2"};
    app_signer const stranger{"ES256", "k3"};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keys_at_a_url, keys_scene)

BOOST_AUTO_TEST_CASE(they_are_there_before_the_first_token)
{
    app.says(200, first.jwk_set());
    auto const own = with_keys_url();
    BOOST_TEST(app.count() == 1U);
    BOOST_TEST(app.requests().front().starts_with("GET /keys HTTP/1.1\r\n"));
    for (auto i = 0; i < 4; ++i) // on both workers
        BOOST_TEST(speak(own, first) == 200U);
    auto const metrics = own.admin("/metrics").body;
    BOOST_TEST(metrics.find("\nvoicegate_app_key_fetches_total 1\n") != std::string::npos);
    BOOST_TEST(metrics.find("\nvoicegate_app_key_fetch_failures_total 0\n") != std::string::npos);
    BOOST_TEST(metrics.find("\nvoicegate_app_keys_fetch_timestamp_seconds 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_known_is_looked_for_but_once_a_minute)
{
    app.says(200, first.jwk_set());
    auto const own = with_keys_url();
    app.says(200, R"({"keys":[)" + first.jwk() + "," + second.jwk() + "]}");
    BOOST_TEST(speak(own, second) == 401U);
    await("the second key", [&] { return speak(own, second) == 200U; });
    BOOST_TEST(speak(own, first) == 200U);
    BOOST_TEST(app.count() == 2U);
    for (auto i = 0; i < 20; ++i)
        BOOST_TEST(speak(own, stranger) == 401U);
    BOOST_TEST(app.count() == 2U);
}

BOOST_AUTO_TEST_CASE(they_outlive_a_reload_of_the_keys_in_files)
{
    app.says(200, first.jwk_set());
    auto own = with_keys_url();
    own.program().signal(SIGHUP);
    await("the reload", [&] {
        return own.admin("/metrics").body.find("\nvoicegate_reloads_total 1\n") != std::string::npos;
    });
    for (auto i = 0; i < 4; ++i) // on both workers
        BOOST_TEST(speak(own, first) == 200U);
    BOOST_TEST(app.count() == 1U);
}

BOOST_AUTO_TEST_CASE(without_them_the_gateway_serves_others_and_goes_on_trying)
{
    app.says(500, "canary_words");
    auto const own = with_keys_url();
    BOOST_TEST(speak(own, first) == 401U);
    BOOST_TEST(ask(own.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}")).status == 200U);
    BOOST_TEST(
        own.errors().find("tokens.jwt.keys_url gives no new keys: it answered 500") != std::string::npos);
    app.says(200, first.jwk_set());
    await("the keys", [&] { return speak(own, first) == 200U; });
    BOOST_TEST(own.errors().find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
