// Tokens that the app's own server signed: verified here, and never shown to the upstream, which gets the
// gateway's own credential.
#include "tests/app_signer.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace e2e;

namespace {

std::string claims(std::string_view more = "")
{
    auto const now = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch());
    return R"({"iss":"https://app.example","aud":["voice"],"sub":"user-of-the-app","jti":"j-)" +
           std::to_string(now.count()) + "\"" + std::string(more) + R"(,"iat":)" +
           std::to_string(now.count()) + R"(,"exp":)" + std::to_string(now.count() + 600) +
           R"(,"grants":{"tts":true}})";
}

/// A gateway that takes the tokens of one app, whose key is made anew for each test.
struct signing_scene : scene {
    [[nodiscard]] gateway with_app_keys()
    {
        write_file(at.files.path("app-keys.json"), app.jwk_set());
        return at.another(
            R"({"tokens":{"jwt":{"keys_file":"app-keys.json","issuer":"https://app.example","audience":"voice"}}})");
    }
    [[nodiscard]] answer speak(std::string_view own) const
    {
        return ask(taker.port(), request("POST", "/tts/bytes", {bearer(own)}, speech()));
    }

    app_signer app{"ES256", "app-1"};
    gateway taker = with_app_keys();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(app_tokens, signing_scene)

BOOST_AUTO_TEST_CASE(what_the_app_signed_opens_the_api_and_never_goes_there)
{
    auto const own = app.token(claims());
    BOOST_TEST(speak(own).status == 200U);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.text().find(own) == std::string::npos);
    BOOST_TEST(seen.value("authorization").starts_with("Bearer ey"));
    BOOST_TEST(upstream.token_requests().size() == 1U); // the credential that was lent
    auto const log = taker.await_log("user-of-the-app");
    BOOST_TEST(log.find(R"("token_kind":"jwt")") != std::string::npos);
    BOOST_TEST(log.find(own) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_opens_websockets_and_a_session)
{
    auto const own = app.token(claims());
    (void)open_websocket(taker.port(), "/tts/websocket?access_token=" + own);
    auto const session = ask(taker.port(), request("POST", "/session", {bearer(own)}));
    BOOST_TEST(session.status == 204U);
    auto const set = session.value("set-cookie");
    BOOST_TEST((set.find(own) == std::string::npos)); // a token of the session's own, which can be renewed
    auto const pair = set.substr(0, set.find(';'));
    BOOST_TEST(ask(taker.port(), request("POST", "/tts/bytes", {{"Cookie", pair}}, speech())).status == 200U);
    BOOST_TEST(ask(taker.port(), request("POST", "/session/refresh", {{"Cookie", pair}})).status == 200U);
    BOOST_TEST(ask(taker.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 200U);
    for (auto const& seen : upstream.requests())
        BOOST_TEST(seen.text().find(own) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_is_good_for_nothing_after_its_session_ended)
{
    auto const own = app.token(claims(R"(,"sid":"s-of-the-app")"));
    BOOST_TEST(ask(taker.port(), request("DELETE", "/session", {bearer(own)})).status == 204U);
    BOOST_TEST(speak(own).status == 401U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(what_the_app_did_not_sign_never_reaches_the_upstream)
{
    auto const good = app.token(claims());
    auto const text = [](std::string_view header) {
        return in_base64url(header) + "." + in_base64url(claims());
    };
    auto const none = text(R"({"alg":"none","kid":"app-1"})");
    auto const confused = text(R"({"alg":"HS256","kid":"app-1"})");
    auto const stranger = app_signer("ES256", "app-1");
    auto const embedded = R"({"alg":"ES256","kid":"app-1","jwk":)" + stranger.jwk() + "}";
    for (auto const& bad :
         {none + ".",
          none + "." + in_base64url("x"),
          confused + "." + in_base64url(hmac_sha256(app.public_pem(), confused)),
          confused + "." + in_base64url(hmac_sha256(app.jwk(), confused)),
          stranger.token(claims()),
          stranger.token(embedded, claims()),
          app.token(embedded, claims()),
          app.token(R"({"alg":"ES256","kid":"app-2"})", claims()),
          app.token(R"({"alg":"ES256","kid":"app-1","crit":["exp"]})", claims()),
          app.token(claims(R"(,"iss":"https://api.cartesia.ai")")),
          app.token("{}"),
          good + "A",
          good.substr(0, good.size() - 4)})
        BOOST_TEST(speak(bad).status == 401U, bad);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(what_is_for_others_or_too_late_is_refused)
{
    auto const swapped = [](std::string text, std::string_view from, std::string_view to) {
        return text.replace(text.find(from), from.size(), to);
    };
    BOOST_TEST(speak(app.token(swapped(claims(), "voice", "other"))).status == 401U);
    BOOST_TEST(speak(app.token(swapped(claims(), "app.example", "app.sample"))).status == 401U);
    BOOST_TEST(speak(app.token(swapped(claims(), "\"exp\":", "\"exp\":1,\"was\":"))).status == 401U);
    BOOST_TEST(speak(app.token(swapped(claims(), "tts", "stt"))).status == 403U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_gateway_without_its_keys_takes_none)
{
    auto const own = app.token(claims());
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {bearer(own)}, speech())).status == 401U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(cartesias_own_tokens_still_travel_alone)
{
    auto const own = upstream.mint(R"({"tts":true})");
    upstream.clear();
    BOOST_TEST(speak(own).status == 200U);
    BOOST_TEST(upstream.requests_over(1).front().value("authorization") == "Bearer " + own);
}

BOOST_AUTO_TEST_SUITE_END()
