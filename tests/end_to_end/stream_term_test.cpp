// How long a stream lasts: as long as the session that opened it, whatever the token of then.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace json = boost::json;

namespace {

constexpr std::string_view echo = R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";
constexpr std::string_view target = "/tts/websocket?cartesia_version=2026-03-01";
constexpr std::string_view strict_terms =
    R"({"tokens": {"stream_outlives_token": "0s"}, "session": {"renew_grace": "0s"}})";

std::string cookie_of(answer const& got)
{
    auto const value = got.value("set-cookie");
    auto const begin = value.find('=') + 1;
    return std::string(value.substr(begin, value.find(';') - begin));
}

struct terms_scene : scene {
    gateway strict = at.another(strict_terms);

    /// The cookie of a session whose window is `window`.
    [[nodiscard]] std::string open_session(seconds window, std::string_view subject = "user-7") const
    {
        auto const made = strict.mint("tts", window, subject);
        return cookie_of(ask(strict.port(), request("POST", "/session", {bearer(made)})));
    }
    [[nodiscard]] answer refresh(std::string const& with) const
    {
        return ask(strict.port(), request("POST", "/session/refresh", {cookie(with)}));
    }
    [[nodiscard]] client open(std::string const& with) const
    {
        return open_websocket(strict.port(), target, {cookie(with)});
    }
    [[nodiscard]] bool is_over(std::string const& with) const
    {
        return ask(strict.port(), request("GET", "/session", {cookie(with)})).status == 401;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(terms, terms_scene)

BOOST_AUTO_TEST_CASE(a_socket_lives_on_while_its_session_is_refreshed_and_ends_when_it_is_not)
{
    upstream.faults(echo);
    auto const first = open_session(seconds{4});
    auto one = open(first);
    auto const renewed = refresh(first);
    BOOST_TEST(renewed.status == 200U);
    auto second = cookie_of(renewed);
    await("the end of the token that opened the socket", [&] {
        auto const still = ask(strict.port(), request("GET", "/session", {cookie(second)}));
        if (still.status == 200U) second = cookie_of(refresh(second));
        return is_over(first);
    });
    auto const last = refresh(second);
    BOOST_TEST(last.status == 200U);
    one.send(text_frame("still here"));
    BOOST_TEST(read_frame(one).payload == "still here");
    expect_end(one, "token_expired");
    BOOST_TEST(is_over(second));
    strict.await_log("\"close_code\":1008");
}

BOOST_AUTO_TEST_CASE(signing_out_ends_the_sockets_of_the_session_and_no_other)
{
    upstream.faults(echo);
    auto const ann = open_session(seconds{60}, "ann");
    auto const bob = open_session(seconds{60}, "bob");
    std::vector<client> hers;
    for (auto i = 0; i < 4; ++i) // on both workers
        hers.push_back(open(ann));
    auto his = open(bob);
    BOOST_TEST(ask(strict.port(), request("DELETE", "/session", {cookie(ann)})).status == 204U);
    for (auto& one : hers)
        expect_end(one, "token_revoked");
    his.send(text_frame("still here"));
    BOOST_TEST(read_frame(his).payload == "still here");
}

BOOST_AUTO_TEST_CASE(events_end_with_an_error_event_when_the_term_is_over)
{
    upstream.faults(R"([{"path": "/tts/sse", "do": "hold_after_chunks", "chunks": 1}])");
    client one(strict.port());
    fields const asked{
        cookie(strict.mint("tts", seconds{2                   }
         )),
        { "Accept", "text/event-stream"},
        { "Cartesia-Version",        "2026-03-01"}
    };
    one.send(request("POST", "/tts/sse", asked, speech()));
    auto got = read_head(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(read_until(one, got, "event: error"));
    while (read_more(one, got)) {
    }
    BOOST_TEST(got.whole);
    auto const data = got.body.substr(got.body.rfind("data: ") + 6);
    auto const event = json::parse(data.substr(0, data.find('\n'))).as_object();
    BOOST_TEST(event.at("error_code").as_string() == "token_expired");
    BOOST_TEST(got.body.ends_with("\n\n"));
    strict.await_log("\"route\":\"/tts/sse\"");
}

BOOST_AUTO_TEST_CASE(bytes_are_cut_so_that_it_shows)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])");
    client one(strict.port());
    one.send(request("POST", "/tts/bytes", {cookie(strict.mint("tts", seconds{2}))}, speech()));
    auto got = read_head(one);
    while (read_more(one, got)) {
    }
    BOOST_TEST(!got.body.empty());
    BOOST_TEST(!got.whole);
    BOOST_TEST((one.how_ended() == ending::truncated));
}

BOOST_AUTO_TEST_CASE(revoking_ends_what_is_being_answered)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])");
    auto const ann = open_session(seconds{60}, "ann");
    client one(strict.port());
    one.send(request("POST", "/tts/bytes", {cookie(ann)}, speech()));
    auto got = read_head(one);
    upstream.await_held();
    BOOST_TEST(ask(strict.port(), request("DELETE", "/session", {cookie(ann)})).status == 204U);
    while (read_more(one, got)) {
    }
    BOOST_TEST(!got.whole);
}

BOOST_AUTO_TEST_CASE(a_request_in_the_last_third_of_a_cookies_life_renews_it)
{
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    auto const made = open_session(seconds{6});
    auto const speak = [&](fields more = {}) {
        more.insert(more.begin(), cookie(made));
        return ask(strict.port(), request("POST", "/tts/bytes", more, "{}"));
    };
    BOOST_TEST(speak().value("set-cookie").empty());
    answer got;
    await("the last third", [&] {
        got = speak();
        return !got.value("set-cookie").empty();
    });
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(
        got.value("set-cookie").find("; HttpOnly; Secure; SameSite=Strict; Path=/;") != std::string::npos);
    BOOST_TEST(speak({
                         {"X-Voicegate-Refresh", "off"}
    })
                   .value("set-cookie")
                   .empty());
    BOOST_TEST(ask(strict.port(), request("GET", "/session", {cookie(cookie_of(got))})).status == 200U);
    for (auto const& seen : upstream.requests())
        BOOST_TEST(seen.value("x-voicegate-refresh").empty());
}

BOOST_AUTO_TEST_SUITE_END()
