// The app decides: what its backend is asked when a session is opened or grows old, and what becomes of each
// answer.
#include "tests/end_to_end/support/backend.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

constexpr std::string_view ann = R"({"subject":"ann","grants":{"tts":true},"expires_in":600})";
constexpr std::string_view app_cookie = "app_session=canary_of_the_app";

std::string value_of_cookie(answer const& got)
{
    auto const value = got.value("set-cookie");
    auto const begin = value.find('=') + 1;
    return std::string(value.substr(begin, value.find(';') - begin));
}

struct app_scene : scene {
    app_scene()
    {
        upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200}])");
    }

    /// `more`: members of `session`.
    [[nodiscard]] gateway asking(std::string_view more = "") const
    {
        return at.another(
            R"({"session": {"authorize_url": ")" + app.url("/voice/who?from=gateway") + "\"" +
            std::string(more) + "}}");
    }
    [[nodiscard]] static answer sign_in(gateway const& own) { return sign_in(own, {browsers_cookie()}); }
    [[nodiscard]] static answer sign_in(gateway const& own, fields const& more)
    {
        return ask(own.port(), request("POST", "/session", more));
    }
    [[nodiscard]] static answer refresh(gateway const& own, std::string const& made)
    {
        return ask(own.port(), request("POST", "/session/refresh", {with_both(made)}));
    }
    [[nodiscard]] static answer tell(gateway const& own, std::string const& made)
    {
        return ask(own.port(), request("GET", "/session", {with_both(made)}));
    }
    [[nodiscard]] static field browsers_cookie() { return {"Cookie", std::string(app_cookie)}; }
    /// The app's cookie and the gateway's, as a browser sends them.
    [[nodiscard]] static field with_both(std::string const& made)
    {
        return {"Cookie", std::string(app_cookie) + "; __Host-cartesia_token=" + made + "; theme=dark"};
    }
    /// Refreshes until the app has been asked `times` times; the last answer.
    [[nodiscard]] answer refresh_until_asked(gateway const& own, std::string made, std::size_t times) const
    {
        answer got;
        await("the app asked again", [&] {
            got = refresh(own, made);
            if (got.status == 200 && got.has("set-cookie")) made = value_of_cookie(got);
            return app.count() >= times;
        });
        return got;
    }

    backend app;
};

std::string error_code(answer const& got)
{
    return std::string(json::parse(got.body).at("error_code").as_string());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_app_decides, app_scene)

BOOST_AUTO_TEST_CASE(a_user_whom_the_app_knows_gets_a_session)
{
    app.says(200, R"({"subject":"ann","grants":{"tts":true,"stt":false},"expires_in":600,"name":"Ann"})");
    auto const own = asking();
    auto const got = sign_in(own);
    BOOST_TEST(got.status == 204U);
    auto const set = got.value("set-cookie");
    BOOST_TEST(set.starts_with("__Host-cartesia_token="));
    BOOST_TEST(set.find("; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=600") != std::string::npos);
    auto const made = value_of_cookie(got);
    auto const session = json::parse(tell(own, made).body).as_object();
    BOOST_TEST(session.at("subject").as_string() == "ann");
    BOOST_TEST(session.at("grants").as_object().at("tts").as_bool());
    BOOST_TEST(!session.at("grants").as_object().at("stt").as_bool());
    auto const life = session.at("session_until").as_int64() - session.at("expires_at").as_int64();
    BOOST_TEST(life == 12 * 3600 - 600);
    BOOST_TEST(ask(own.port(), request("POST", "/tts/bytes", {with_both(made)}, "{}")).status == 200U);
    BOOST_TEST(refresh(own, made).status == 200U);
    BOOST_TEST(app.count() == 1U);
    for (auto const& seen : upstream.requests_over(1)) {
        BOOST_TEST(!seen.value("authorization").empty());
        BOOST_TEST(seen.text().find("canary_of_the_app") == std::string::npos);
        BOOST_TEST(seen.count("cookie") == 0U);
    }
    auto const log = own.await_log("/tts/bytes");
    BOOST_TEST(log.find("\"subject\":\"ann\"") != std::string::npos);
    BOOST_TEST(log.find("canary_of_the_app") == std::string::npos);
    BOOST_TEST(own.admin("/metrics").body.find("\nvoicegate_authorize_calls_total 1\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_app_sees_who_asks_and_never_the_gateways_token)
{
    app.says(200, ann);
    auto const own = asking(R"(, "authorize_headers": ["Accept-Language", "X-Tenant", "Authorization"])");
    fields const asked{
        with_both(token),
        {"Origin",          "https://localhost"  },
        {"Accept-Language", "eo"                 },
        {"X-Tenant",        "acme"               },
        {"User-Agent",      "browser"            },
        {"X-Other",         "private"            },
        {"X-Forwarded-For", "192.0.2.1"          },
        {"X-Request-Id",    "mine"               },
        {"Authorization",   "Basic YTpi"         }
    };
    auto const got = sign_in(own, asked);
    BOOST_TEST(got.status == 204U);
    BOOST_REQUIRE(app.count() == 1U);
    auto const seen = app.requests().front();
    auto const host = "127.0.0.1:" + std::to_string(app.port());
    BOOST_TEST(seen.starts_with("POST /voice/who?from=gateway HTTP/1.1\r\nHost: " + host + "\r\n"));
    for (std::string_view const line :
         {"Cookie: app_session=canary_of_the_app; theme=dark",
          "Origin: https://localhost",
          "Accept-Language: eo",
          "X-Tenant: acme",
          "Authorization: Basic YTpi",
          "X-Forwarded-For: 127.0.0.1",
          "X-Forwarded-Host: localhost",
          "X-Forwarded-Proto: https",
          "Content-Length: 0",
          "Connection: close"})
        BOOST_TEST(seen.find("\r\n" + std::string(line) + "\r\n") != std::string::npos, line << "\n" << seen);
    BOOST_TEST(seen.find("\r\nX-Request-Id: " + got.value("x-request-id") + "\r\n") != std::string::npos);
    for (std::string_view const part : {"cartesia_token", "browser", "private", "192.0.2.1", "mine"})
        BOOST_TEST(seen.find(part) == std::string::npos, part << "\n" << seen);
    BOOST_TEST(seen.find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_is_not_asked_about)
{
    app.says(200, ann);
    auto const own = asking();
    auto const both = with_both("x");
    BOOST_TEST(sign_in(own, {both, bearer(own.mint("tts"))}).status == 204U);
    BOOST_TEST(sign_in(own, {both, bearer("nonsense")}).status == 401U);
    BOOST_TEST(ask(own.port(), request("GET", "/session", {browsers_cookie()})).status == 401U);
    fields const by_a_foreign_page{
        browsers_cookie(), {"Origin", "https://elsewhere.example"}
    };
    BOOST_TEST(sign_in(own, by_a_foreign_page).status == 403U);
    BOOST_TEST(app.count() == 0U);
}

BOOST_AUTO_TEST_CASE(no_answer_serves_twice)
{
    auto const own = asking();
    for (auto const* name : {"ann", "bob"}) {
        app.says(200, R"({"subject":")" + std::string(name) + R"(","grants":{}})");
        auto const session = tell(own, value_of_cookie(sign_in(own)));
        BOOST_TEST(json::parse(session.body).at("subject").as_string() == name);
    }
    app.says(401, "");
    BOOST_TEST(sign_in(own).status == 401U);
    BOOST_TEST(app.count() == 3U);
}

BOOST_AUTO_TEST_CASE(a_no_of_the_apps_is_passed_on_in_our_words)
{
    auto const own = asking();
    app.says(401, R"({"error":"canary_words"})");
    auto const unknown = sign_in(own);
    BOOST_TEST(unknown.status == 401U);
    BOOST_TEST(unknown.value("content-type") == "application/problem+json");
    BOOST_TEST(error_code(unknown) == "not_signed_in");
    BOOST_TEST(!unknown.has("set-cookie"));
    app.says(403, R"({"error":"canary_words"})");
    auto const refused = sign_in(own);
    BOOST_TEST(refused.status == 403U);
    BOOST_TEST(error_code(refused) == "not_permitted");
    BOOST_TEST((unknown.body + refused.body).find("canary_words") == std::string::npos);
    BOOST_TEST(own.await_log("app_forbidden").find("app_unauthorized") != std::string::npos);
}

namespace {

struct bad_answer {
    char const* name;
    std::string bytes;
    backend::then after;
    char const* reason;
    friend std::ostream& operator<<(std::ostream& out, bad_answer const& b) { return out << b.name; }
};

// clang-format off
std::vector<bad_answer> bad_answers()
{
    using enum backend::then;
    auto const ok = "HTTP/1.1 200 OK\r\n";
    auto const location = "Location: https://elsewhere.example/canary\r\n";
    return {
        {"an error",           whole_answer(500, "canary_words"),                        close, "app_bad_status"},
        {"another refusal",    whole_answer(404, "canary_words"),                        close, "app_bad_status"},
        {"a redirect",         whole_answer(302, "", location),                          close, "app_bad_status"},
        {"a switch",           "HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", close, "app_bad_answer"},
        {"nothing",            "",                                                       close, "app_bad_answer"},
        {"nothing, with RST",  "",                                                       reset, "app_bad_answer"},
        {"no body",            "HTTP/1.1 204 X\r\n\r\n",                                 close, "app_bad_answer"},
        {"no JSON",            whole_answer(200, "canary_words"),                        close, "app_bad_answer"},
        {"no subject",         whole_answer(200, R"({"grants":{}})"),                    close, "app_bad_answer"},
        {"limits",             whole_answer(200, R"({"subject":"ann","grants":{},"limits":{"canary_words":1}})"), close, "app_bad_answer"},
        {"no HTTP",            "canary_words\r\n\r\n",                                   close, "app_bad_answer"},
        {"too large",          whole_answer(200, std::string(70'000, ' ')),              close, "app_bad_answer"},
        {"endless",            std::string(ok) + "\r\n" + std::string(70'000, ' '),      stay,  "app_bad_answer"},
        {"an endless head",    std::string(ok) + "X: " + std::string(70'000, 'x'),       stay,  "app_bad_answer"},
        {"cut off",            std::string(ok) + "Content-Length: 900\r\n\r\n" + std::string(ann), close, "app_bad_answer"},
        {"cut off in a chunk", std::string(ok) + "Transfer-Encoding: chunked\r\n\r\n3a\r\n" + std::string(ann), close, "app_bad_answer"},
        {"two lengths",        whole_answer(200, ann, "Content-Length: 3\r\n"),          close, "app_bad_answer"},
        {"silence",            "",                                                       stay,  "app_timeout"   },
        {"half an answer",     std::string(ok) + "Content-Length: 900\r\n\r\n{",         stay,  "app_timeout"   },
    };
}
// clang-format on

} // namespace

BOOST_AUTO_TEST_CASE(all_else_is_502_and_the_log_says_why)
{
    auto const own = asking(R"(, "authorize_deadline": "400ms")");
    std::size_t count = 0;
    for (auto const& bad : bad_answers()) {
        BOOST_TEST_CONTEXT(bad.name)
        {
            app.answers(bad.bytes, bad.after);
            auto const got = sign_in(own);
            BOOST_TEST(got.status == 502U);
            BOOST_TEST(error_code(got) == "app_unavailable");
            BOOST_TEST(!got.has("set-cookie"));
            BOOST_TEST((got.head + got.body).find("canary") == std::string::npos);
            auto const log = own.await_log(got.value("x-request-id"));
            auto const reason = "\"reason\":\"" + std::string(bad.reason) + "\"";
            BOOST_TEST(
                log.substr(log.find(got.value("x-request-id"))).find(reason) != std::string::npos, log);
            ++count;
        }
    }
    BOOST_TEST(app.count() == count);
    app.says(200, ann);
    BOOST_TEST(sign_in(own).status == 204U);
    app.go_away();
    BOOST_TEST(sign_in(own).status == 502U);
    own.await_log("app_unreachable");
    BOOST_TEST(
        own.errors().find("session.authorize_url does not say who a user is: it answered 500") !=
        std::string::npos);
    BOOST_TEST((own.errors() + own.access_log()).find("canary") == std::string::npos);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_in_any_framing)
{
    auto const own = asking();
    auto const head = std::string("HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n");
    auto const text = std::string(ann);
    app.answers(head + "\r\n" + text);
    BOOST_TEST(sign_in(own).status == 204U);
    app.answers(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(text) + std::string(last_chunk));
    BOOST_TEST(sign_in(own).status == 204U);
    app.answers(
        head + "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text, backend::then::stay);
    BOOST_TEST(sign_in(own).status == 204U);
}

BOOST_AUTO_TEST_CASE(calls_under_way_are_bounded_and_others_are_served_meanwhile)
{
    auto const own = asking(R"(, "authorize_in_flight_max": 1)");
    app.answers(whole_answer(200, ann), backend::then::hold);
    client first(own.port());
    first.send(request("POST", "/session", {browsers_cookie()}));
    await("the question", [&] { return app.count() == 1; });
    auto const second = sign_in(own);
    BOOST_TEST(second.status == 503U);
    BOOST_TEST(error_code(second) == "overloaded");
    for (auto i = 0; i < 4; ++i) // on both workers
        BOOST_TEST(tell(own, token).status == 200U);
    app.release();
    BOOST_TEST(read_answer(first).status == 204U);
    first.send(request("GET", "/session", {cookie(token)})); // on the same connection
    BOOST_TEST(read_answer(first).status == 200U);
    app.says(200, ann);
    BOOST_TEST(sign_in(own).status == 204U);
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_is_not_waited_for)
{
    auto const own = asking();
    app.answers(whole_answer(200, ann), backend::then::hold);
    {
        client one(own.port());
        one.send(request("POST", "/session", {browsers_cookie()}));
        await("the question", [&] { return app.count() == 1; });
    }
    own.await_log("client_left");
    app.release();
    app.says(200, ann);
    BOOST_TEST(sign_in(own).status == 204U);
}

BOOST_AUTO_TEST_CASE(over_tls_the_apps_certificate_is_verified)
{
    scratch_directory const here;
    simulator const secure(here, at.files.path("server.pem"), at.files.path("server.key"));
    secure.faults(
        R"([{"path": "/who", "times": -1, "do": "status", "status": 200, "body": )" +
        json::serialize(json::string(ann)) + "}]");
    auto const url =
        R"({"session": {"authorize_url": "https://localhost:)" + std::to_string(secure.port()) + "/who\"";
    auto const trusting = at.another(url + R"(, "authorize_ca_file": "ca.pem"}})");
    BOOST_TEST(sign_in(trusting).status == 204U);
    BOOST_TEST(secure.requests_over(1).front().server_name == "localhost");
    auto const doubting = at.another(url + "}}");
    BOOST_TEST(sign_in(doubting).status == 502U);
    doubting.await_log("app_unreachable");
    BOOST_TEST(secure.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_old_session_is_asked_about_again_and_goes_on_as_the_app_says)
{
    app.says(200, ann);
    auto const own = asking(R"(, "recheck": "1s")");
    auto const first = value_of_cookie(sign_in(own));
    app.says(200, R"({"subject":"ann","grants":{"stt":true},"expires_in":60})");
    auto const got = refresh_until_asked(own, first, 2);
    BOOST_TEST(got.status == 200U);
    auto const session = json::parse(got.body).as_object();
    BOOST_TEST(!session.at("grants").as_object().at("tts").as_bool());
    BOOST_TEST(session.at("grants").as_object().at("stt").as_bool());
    auto const seen = app.requests().back();
    BOOST_TEST(seen.find("\r\nCookie: app_session=canary_of_the_app; theme=dark\r\n") != std::string::npos);
    auto const next = value_of_cookie(got);
    BOOST_TEST(ask(own.port(), request("POST", "/tts/bytes", {cookie(next)}, "{}")).status == 403U);
    BOOST_TEST(
        json::parse(tell(own, next).body).at("session_until") ==
        json::parse(tell(own, first).body).at("session_until"));
}

BOOST_AUTO_TEST_CASE(a_session_that_the_app_no_longer_wants_ends_with_its_streams)
{
    app.says(200, ann);
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])");
    auto const own = asking(R"(, "recheck": "1s")");
    auto const first = value_of_cookie(sign_in(own));
    auto socket = open_websocket(own.port(), "/tts/websocket?cartesia_version=2026-03-01", {cookie(first)});
    app.says(401, "");
    auto const got = refresh_until_asked(own, first, 2);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(error_code(got) == "not_signed_in");
    BOOST_TEST(got.value("set-cookie").starts_with("__Host-cartesia_token=; "));
    BOOST_TEST(read_close(socket).close_code() == 1008U);
    auto const over = tell(own, first);
    BOOST_TEST(over.status == 401U);
    BOOST_TEST(error_code(over) == "token_revoked");
}

BOOST_AUTO_TEST_CASE(a_session_ends_when_another_user_is_signed_in_to_the_app)
{
    app.says(200, ann);
    auto const own = asking(R"(, "recheck": "1s")");
    auto const first = value_of_cookie(sign_in(own));
    app.says(200, R"({"subject":"bob","grants":{"tts":true}})");
    auto const got = refresh_until_asked(own, first, 2);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(error_code(got) == "other_user");
    BOOST_TEST(tell(own, first).status == 401U);
}

BOOST_AUTO_TEST_CASE(a_session_outlives_an_app_that_cannot_be_asked)
{
    app.says(200, ann);
    auto const own = asking(R"(, "recheck": "1s")");
    auto const first = value_of_cookie(sign_in(own));
    app.says(500, "");
    auto const got = refresh_until_asked(own, first, 2);
    BOOST_TEST(got.status == 502U);
    BOOST_TEST(!got.has("set-cookie"));
    BOOST_TEST(tell(own, first).status == 200U);
    app.says(200, ann);
    BOOST_TEST(refresh(own, first).status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
