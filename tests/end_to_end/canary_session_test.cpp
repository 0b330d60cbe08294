// Secrets of users and of the app: tokens that it signs, what it is asked and answers, hand-off codes, what
// operators send. They go through every door; then every place where they must not be is searched.
#include "tests/app_signer.hpp"
#include "tests/end_to_end/canary.hpp"
#include "tests/end_to_end/support/backend.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>

using namespace e2e;
namespace json = boost::json;

namespace {

constexpr std::string_view browser_cookie = "canary-app-cookie-21";
constexpr std::string_view tenant = "canary-tenant-22";
constexpr std::string_view basic = "Y2FuYXJ5LWJhc2ljLTIz";
constexpr std::string_view app_word = "canary-app-word-24";
constexpr std::string_view app_set_cookie = "canary-app-set-cookie-25";
constexpr std::string_view to_admin = "canary-to-admin-26";
constexpr std::string_view false_code = "canary-false-code-27";

std::string claims(long until)
{
    auto const now = std::chrono::system_clock::now().time_since_epoch() / seconds{1};
    return R"({"iss":"https://app.example","aud":"voice","sub":"canary-user-is-no-secret","grants":{"tts":true},"exp":)" +
           std::to_string(now + until) + "}";
}

std::string value_of_cookie(answer const& got)
{
    auto const value = got.value("set-cookie");
    auto const begin = value.find('=') + 1;
    return value.substr(begin, value.find(';') - begin);
}

/// A gateway that takes the app's tokens and asks the app, and all that its clients hear.
struct session_canary : scene {
    [[nodiscard]] gateway made()
    {
        write_file(at.files.path("canary-app.json"), signer.jwk_set());
        return at.another(
            R"({"tokens": {"jwt": {"keys_file": "canary-app.json", "issuer": "https://app.example", "audience": "voice"}},
                "session": {"authorize_headers": ["X-Tenant", "Authorization"], "authorize_url": ")" +
            app.url("/who") + "\"}}");
    }
    answer hear(unsigned status, std::string const& text)
    {
        auto got = ask(own.port(), text);
        BOOST_TEST(got.status == status);
        heard += got.head + got.body;
        return got;
    }
    answer speak(unsigned status, field const& credential, std::string_view query = "")
    {
        return hear(status, request("POST", "/tts/bytes" + std::string(query), {credential}, "{}"));
    }
    answer sign_in(unsigned status)
    {
        fields const asked{
            {"Cookie",        "app=" + std::string(browser_cookie)},
            {"X-Tenant",      std::string(tenant)                 },
            {"Authorization", "Basic " + std::string(basic)       }
        };
        return hear(status, request("POST", "/session", asked));
    }

    void tokens_of_the_app();
    void a_session_of_the_app();
    void an_app_that_fails();
    void hand_off_codes();
    void an_operator();

    /// What must be nowhere.
    [[nodiscard]] std::vector<std::string> secrets() const
    {
        std::vector<std::string> all(tokens.begin(), tokens.end());
        all.emplace_back(json::parse(signer.jwk()).at("k").as_string());
        for (auto const one : {browser_cookie, tenant, basic, app_word, app_set_cookie, to_admin, false_code})
            all.emplace_back(one);
        all.emplace_back(simulator::api_key);
        all.emplace_back(gateway::server_key);
        return all;
    }

    app_signer signer{"HS256", "app-1"};
    backend app;
    gateway own = made();
    std::string heard;
    std::vector<std::string> tokens;       ///< that clients hold, and codes
    std::vector<std::string> never_echoed; ///< those among them that no answer brought
};

void session_canary::tokens_of_the_app()
{
    auto const good = signer.token(claims(600));
    auto const late = signer.token(claims(-600));
    auto forged = good;
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    speak(200, bearer(good));
    speak(200, cookie(good));
    speak(401, {"X-Other", "x"}, "?access_token=" + good); // only a WebSocket may
    (void)open_websocket(own.port(), "/tts/websocket?access_token=" + good);
    speak(401, bearer(late));
    speak(401, bearer(forged));
    tokens.push_back(value_of_cookie(hear(204, request("POST", "/session", {bearer(good)}))));
    speak(200, cookie(tokens.front()));
    for (auto const& one : {good, late, forged}) {
        tokens.push_back(one);
        never_echoed.push_back(one);
    }
}

void session_canary::a_session_of_the_app()
{
    auto const word = R"({"subject":"ann","grants":{"tts":true},"note":")" + std::string(app_word) + "\"}";
    app.answers(whole_answer(200, word, "Set-Cookie: app=" + std::string(app_set_cookie) + "\r\n"));
    auto const first = value_of_cookie(sign_in(204));
    speak(200, cookie(first));
    auto const next = hear(200, request("POST", "/session/refresh", {cookie(first)}));
    hear(200, request("GET", "/session", {cookie(first)}));
    hear(204, request("DELETE", "/session", {cookie(first)}));
    speak(401, cookie(first));
    tokens.push_back(first);
    if (next.has("set-cookie")) tokens.push_back(value_of_cookie(next));
}

void session_canary::an_app_that_fails()
{
    app.says(500, "{\"error\":\"" + std::string(app_word) + "\"}");
    sign_in(502);
    app.says(200, app_word);
    sign_in(502);
    app.says(200, "{\"subject\":\"" + std::string(app_word) + "\",\"grants\":[\"tts\"]}");
    sign_in(502);
    app.answers("HTTP/1.1 200 " + std::string(app_word) + "\n\n");
    sign_in(502);
}

void session_canary::hand_off_codes()
{
    auto const asked = R"({"handoff":true,"grants":{"tts":true},"subject":"ann"})";
    auto const given = hear(200, request("POST", "/access-token", {bearer(gateway::server_key)}, asked));
    std::string const code(json::parse(given.body).at("code").as_string());
    tokens.push_back(value_of_cookie(hear(204, request("POST", "/session", {}, "code=" + code))));
    hear(401, request("POST", "/session", {}, "code=" + code));
    hear(401, request("POST", "/session", {}, "code=" + std::string(false_code)));
    speak(401, bearer(code));
    tokens.push_back(code);
}

void session_canary::an_operator()
{
    auto const marked = std::string(to_admin);
    for (auto const& body :
         {marked, R"({"jti":")" + marked, R"({"sub":"ann","password":")" + marked + "\"}"}) {
        auto const got = own.revoke(body);
        BOOST_TEST(got.status == 400U);
        heard += got.head + got.body;
    }
    for (auto const* target : {"/healthz?", "/readyz?", "/metrics?", "/revoke?", "/"}) {
        auto const got = own.admin(target + marked);
        heard += got.head + got.body;
    }
    BOOST_TEST(own.revoke(R"({"sub":"canary-user-is-no-secret","reason":"told"})").status == 200U);
    speak(401, bearer(never_echoed.front()));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(secrets_of_sessions_are_in_no_log_no_metric_and_no_answer, session_canary)
{
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    tokens_of_the_app();
    a_session_of_the_app();
    an_app_that_fails();
    hand_off_codes();
    an_operator();

    auto const lent = upstream_credentials(upstream);
    BOOST_TEST(lent.size() >= 5U);
    BOOST_TEST(app.count() >= 5U);
    auto const metrics = own.admin("/metrics").body;
    own.program().signal(SIGTERM);
    BOOST_TEST(own.program().exit_status() == 0);
    auto const log = own.access_log();
    for (auto const* member : {"canary-user-is-no-secret", "handoff_used", "app_bad_answer", "revoked_by"})
        BOOST_TEST(log.find(member) != std::string::npos, member);

    auto everything = secrets();
    everything.insert(everything.end(), lent.begin(), lent.end());
    for (auto const& secret : everything) {
        lacks("the access log", log, secret);
        lacks("stderr", own.errors(), secret);
        lacks("the metrics", metrics, secret);
    }
    for (auto const& secret : secrets())
        for (auto const& seen : upstream.requests())
            lacks("the upstream", seen.text() + seen.body, secret);
    for (auto const& one : tokens)
        for (auto const& asked : app.requests())
            lacks("the app", asked, one);
    for (auto const& secret : lent)
        lacks("an answer", heard, secret);
    for (auto const& secret : never_echoed)
        lacks("an answer", heard, secret);
    for (auto const& secret : secrets())
        if (std::ranges::find(tokens, secret) == tokens.end()) lacks("an answer", heard, secret);
}
