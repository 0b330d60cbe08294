// The end in good order, step by step: not ready, doors closed, streams to their deadline, then ended over a
// while.
#include "tests/end_to_end/support/crowd.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <poll.h>

using namespace e2e;

namespace {

using clock_type = std::chrono::steady_clock;

constexpr std::string_view hold = R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])";
constexpr std::string_view echo = R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";
constexpr std::string_view target = "/tts/websocket";

bool says_close(answer const& one) { return one.value("connection") == "close"; }

void await_draining(gateway const& one)
{
    await("a gateway that drains", [&] { return one.admin("/readyz").status == 503; });
}

/// An answer of which one piece has come, and whose rest the upstream holds back.
struct held_answer {
    held_answer(gateway const& at, simulator& upstream) : from(at.port())
    {
        upstream.faults(hold);
        from.send(request("POST", "/tts/bytes", {cookie(at.mint("tts"))}, speech()));
        got = read_head(from);
        BOOST_REQUIRE(read_more(from, got));
    }
    void read_to_end()
    {
        while (read_more(from, got)) {
        }
    }

    client from;
    answer got;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(drain_steps, scene)

BOOST_AUTO_TEST_CASE(readiness_fails_before_the_doors_close)
{
    auto leaving = at.another(R"({"drain": {"delay": "1s", "deadline": "1s"}})");
    leaving.program().signal(SIGTERM);
    await_draining(leaving);
    BOOST_TEST(leaving.admin("/readyz").body.find("draining") != std::string::npos);
    client late(leaving.port()); // is still let in
    late.send(request("GET", "/nowhere"));
    auto const got = read_answer(late);
    BOOST_TEST(got.status == 404U);
    BOOST_TEST(says_close(got));
    late.receive_to_end();
    BOOST_TEST((late.how_ended() == ending::clean));
    BOOST_TEST(leaving.program().exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_gets_one_more_answer_and_is_told_that_it_is_the_last)
{
    auto leaving = at.another(R"({"drain": {"deadline": "20s"}})");
    client kept(leaving.port());
    client silent(leaving.port());
    for (auto* one : {&kept, &silent}) {
        one->send(request("GET", "/nowhere"));
        BOOST_TEST(!says_close(read_answer(*one)));
    }
    auto const begun = clock_type::now();
    leaving.program().signal(SIGTERM);
    await_draining(leaving);
    kept.send(request("GET", "/nowhere"));
    auto const got = read_answer(kept);
    BOOST_TEST(got.status == 404U);
    BOOST_TEST(says_close(got));
    silent.receive_to_end(); // has been waited for, but not until the deadline
    BOOST_TEST((silent.how_ended() == ending::clean));
    BOOST_TEST((clock_type::now() - begun > milliseconds{1'500})); // limits.closing, less two ticks
    BOOST_TEST(leaving.program().exit_status(deadline(seconds{10})) == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_whose_head_has_gone_out_does_not_end_a_connection_that_it_promised_to_keep)
{
    auto leaving = at.another(R"({"drain": {"deadline": "20s"}})");
    held_answer running(leaving, upstream);
    BOOST_TEST(!says_close(running.got));
    leaving.program().signal(SIGTERM);
    await_draining(leaving);
    upstream.release();
    running.read_to_end();
    BOOST_TEST(running.got.whole);
    running.from.send(request("GET", "/nowhere"));
    BOOST_TEST(says_close(read_answer(running.from)));
    BOOST_TEST(leaving.program().exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(who_is_in_the_middle_of_a_request_is_heard)
{
    auto leaving = at.another(R"({"drain": {"deadline": "20s"}})");
    client_options plain;
    plain.tls = false;
    client half(leaving.plain_port(), plain);
    half.send("GET / HT");
    auto const accepted = [&] { return leaving.metric("voicegate_connections_accepted_total") > 0; };
    await("an accepted connection", accepted);
    leaving.program().signal(SIGTERM);
    await_draining(leaving);
    half.send("TP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST(read_answer(half).status == 403U);
    BOOST_TEST(leaving.program().exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(websockets_go_on_to_the_deadline_and_are_then_closed_one_after_another)
{
    constexpr std::size_t sockets = 40;
    constexpr milliseconds spread{2'000};
    auto leaving = at.another(R"({"drain": {"deadline": "1s", "spread": "2s"}})");
    upstream.faults(echo);
    auto open = open_many(leaving, target, mint_many(leaving, sockets, "talker-"));
    auto const begun = clock_type::now();
    leaving.program().signal(SIGTERM);
    await_draining(leaving);
    for (auto& one : open) {
        one.send(text_frame("still here"));
        BOOST_TEST(read_frame(one).payload == "still here");
    }
    std::vector<milliseconds> after;
    for (auto& one : open) {
        auto const last = read_close(one);
        after.push_back(std::chrono::floor<milliseconds>(clock_type::now() - begun));
        BOOST_TEST(last.close_code() == 1012U);
        one.send(close_frame(1012));
    }
    // They are read one after another: only the first and the last time tell.
    BOOST_TEST((*std::ranges::min_element(after) >= seconds{1}));
    BOOST_TEST((*std::ranges::max_element(after) >= seconds{1} + spread * 3 / 4));
    BOOST_TEST(leaving.program().exit_status() == 0);
    BOOST_TEST(leaving.await_log("\"reason\":\"draining\"").find("\"close_code\":1012") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_still_running_then_is_cut_and_looks_so)
{
    auto leaving = at.another(R"({"drain": {"deadline": "1s", "spread": "0s"}})");
    held_answer running(leaving, upstream);
    leaving.program().signal(SIGTERM);
    running.read_to_end();
    BOOST_TEST(!running.got.whole);
    BOOST_TEST((running.from.how_ended() == ending::truncated));
    BOOST_TEST(leaving.program().exit_status() == 0);
    BOOST_TEST(leaving.access_log().find("\"reason\":\"draining\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_event_stream_that_is_still_running_then_is_cut_too)
{
    auto leaving = at.another(R"({"drain": {"deadline": "1s", "spread": "0s"}})");
    upstream.faults(R"([{"path": "/tts/sse", "do": "hold_after_chunks", "chunks": 1}])");
    client running(leaving.port());
    running.send(request("POST", "/tts/sse", {cookie(leaving.mint("tts"))}, speech()));
    auto got = read_head(running);
    BOOST_REQUIRE(read_more(running, got));
    leaving.program().signal(SIGTERM);
    while (read_more(running, got)) {
    }
    BOOST_TEST(!got.whole);
    BOOST_TEST((running.how_ended() == ending::truncated));
    BOOST_TEST(leaving.program().exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_request_without_an_answer_then_is_told_to_come_again)
{
    auto leaving = at.another(R"({"drain": {"deadline": "1s", "spread": "0s"}})");
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hang"}])");
    client waiting(leaving.port());
    waiting.send(request("POST", "/tts/bytes", {cookie(leaving.mint("tts"))}, speech()));
    upstream.await_state("open_http", 1);
    leaving.program().signal(SIGTERM);
    auto const got = read_answer(waiting);
    BOOST_TEST(got.status == 503U);
    BOOST_TEST(got.body.find("draining") != std::string::npos);
    BOOST_TEST(says_close(got));
    BOOST_TEST(leaving.program().exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(an_operator_can_begin_it_over_http)
{
    auto leaving = at.another(R"({"drain": {"deadline": "20s"}})");
    held_answer running(leaving, upstream);
    BOOST_TEST(leaving.order("/drain", "{\"now\":true}").status == 400U);
    BOOST_TEST(leaving.admin("/readyz").status == 200U);
    auto const before = std::chrono::system_clock::now();
    auto const got = leaving.order("/drain", "{}");
    BOOST_TEST(got.status == 200U);
    auto const ends = seconds{boost::json::parse(got.body).at("ends_by").as_int64()};
    BOOST_TEST((ends >= before.time_since_epoch() + seconds{20}));
    BOOST_TEST((ends <= before.time_since_epoch() + seconds{60}));
    BOOST_TEST(leaving.admin("/readyz").status == 503U);
    BOOST_TEST(leaving.admin("/drain").status == 405U);
    upstream.release();
    running.read_to_end();
    BOOST_TEST(running.got.whole);
    running.from.close();
    BOOST_TEST(leaving.program().exit_status(deadline(seconds{10})) == 0);
    BOOST_TEST(leaving.errors().find("drain: asked for by 127.0.0.1") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
