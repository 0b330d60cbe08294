// How a WebSocket ends: close codes end to end, and those that the gateway says itself.
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view target = "/tts/websocket";
constexpr std::string_view echo = R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";

struct echo_scene : scene {
    echo_scene() { upstream.faults(echo); }
    [[nodiscard]] client open() const { return open_websocket(gate.port(), target, {cookie(token)}); }
};

struct ending_words {
    unsigned code;
    char const* reason;
};

std::ostream& operator<<(std::ostream& out, ending_words const& w)
{
    return out << w.code << " " << w.reason;
}

constexpr std::array codes{
    ending_words{1000, ""       },
    ending_words{1000, "done"   },
    ending_words{1001, "leaving"},
    ending_words{1003, ""       },
    ending_words{1008, "policy" },
    ending_words{1011, "broke"  },
    ending_words{1013, "later"  },
    ending_words{3000, "lib"    },
    ending_words{4999, "app"    },
};

struct wrong_frame {
    char const* name;
    std::string bytes;
    unsigned code;
};

std::ostream& operator<<(std::ostream& out, wrong_frame const& w) { return out << w.name; }

std::vector<wrong_frame> wrong_frames()
{
    constexpr auto opcode_3 = static_cast<opcode>(3);
    constexpr auto opcode_11 = static_cast<opcode>(11);
    std::vector<wrong_frame> out;
    auto const is = [&](char const* name, unsigned code, std::string bytes) {
        out.push_back({name, std::move(bytes), code});
    };
    is("not masked", 1002, write({.code = opcode::text, .payload = "hello", .masked = false}));
    is("the first reserved bit", 1002, write({.code = opcode::text, .payload = "hello", .reserved = 4}));
    is("the last reserved bit", 1002, write({.code = opcode::text, .payload = "hello", .reserved = 1}));
    is("opcode 3", 1002, write({.code = opcode_3, .payload = "x"}));
    is("opcode 11", 1002, write({.code = opcode_11, .payload = "x"}));
    is("nothing to continue", 1002, write({.code = opcode::continuation, .payload = "x"}));
    is("text within a message",
       1002,
       write({.code = opcode::text, .payload = "x", .fin = false}) + text_frame("y"));
    is("a ping in fragments", 1002, write({.code = opcode::ping, .payload = "x", .fin = false}));
    is("a ping of 126 bytes", 1002, write({.code = opcode::ping, .payload = std::string(126, 'x')}));
    is("a Close of one byte", 1002, write({.code = opcode::close, .payload = "x"}));
    is("a Close with code 1005", 1002, close_frame(1005));
    is("a Close with code 999", 1002, close_frame(999));
    is("a length above 2^63", 1002, std::string("\x82\xff\x80\0\0\0\0\0\0\1mask", 14));
    is("a frame of 1 TiB", 1009, frame_header(opcode::binary, 1ULL << 40));
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(websocket_end, echo_scene)

BOOST_DATA_TEST_CASE(the_clients_close_reaches_the_upstream_verbatim, data::make(codes), words)
{
    auto one = open();
    one.send(text_frame("hello"));
    (void)read_frame(one);
    one.send(close_frame(words.code, words.reason));
    BOOST_TEST(read_close(one).close_code() == words.code);
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("close_code") == words.code);
    BOOST_TEST(seen.word("close_reason") == words.reason);
    BOOST_TEST(seen.word("closed_by") == "peer");
}

BOOST_DATA_TEST_CASE(the_upstreams_close_reaches_the_client_verbatim, data::make(codes), words)
{
    upstream.faults(
        R"([{"path": "/tts/websocket", "do": "close_after_accept", "code": )" + std::to_string(words.code) +
        R"(, "reason": ")" + words.reason + "\"}]");
    auto one = open();
    auto const got = read_close(one);
    BOOST_TEST(got.close_code() == words.code);
    BOOST_TEST(got.close_reason() == words.reason);
    one.send(close_frame(words.code));
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
    BOOST_TEST(upstream.requests_over(1).front().word("closed_by") == "simulator");
}

BOOST_AUTO_TEST_CASE(an_upstream_that_closes_in_the_middle_reaches_the_client)
{
    auto one = open();
    one.send(text_frame("hello"));
    (void)read_frame(one);
    upstream.close_websockets(4001, "moved");
    auto const got = read_close(one);
    BOOST_TEST(got.close_code() == 4001U);
    BOOST_TEST(got.close_reason() == "moved");
}

BOOST_AUTO_TEST_CASE(a_close_without_code_passes_without_code)
{
    auto one = open();
    one.send(write({.code = opcode::close, .payload = {}}));
    BOOST_TEST(read_close(one).close_code() == 1000U); // so says the simulator
    BOOST_TEST(upstream.requests_over(1).front().tally("close_code") == 1005U);
}

BOOST_DATA_TEST_CASE(broken_frames_end_the_stream_and_do_not_pass, data::make(wrong_frames()), wrong)
{
    auto one = open();
    one.send(text_frame("good"));
    BOOST_TEST(read_frame(one).payload == "good");
    one.send(wrong.bytes + text_frame("canary"));
    auto const got = read_close(one);
    BOOST_TEST(got.close_code() == wrong.code);
    one.receive_to_end();
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("text_received") == 1U); // the good one
    BOOST_TEST(boost::json::serialize(seen.websocket).find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_message_beyond_the_limit_is_1009)
{
    auto small = at.another(R"({"limits": {"frame_bytes": "4KiB", "message_bytes": "8KiB"}})");
    auto const own = small.mint("tts");
    auto by_frame = open_websocket(small.port(), target, {cookie(own)});
    by_frame.send(write({.code = opcode::binary, .payload = std::string(4097, 'x')}));
    BOOST_TEST(read_close(by_frame).close_code() == 1009U);
    auto by_message = open_websocket(small.port(), target, {cookie(own)});
    for (auto i = 0; i < 3; ++i)
        by_message.send(write(
            {.code = i == 0 ? opcode::binary : opcode::continuation,
             .payload = std::string(4096, 'x'),
             .fin = false}));
    BOOST_TEST(read_close(by_message).close_code() == 1009U);
}

BOOST_AUTO_TEST_CASE(broken_frames_of_the_upstream_end_the_stream_and_do_not_pass)
{
    // A masked frame, which a server must not send: 0x81 0x86, mask 0, "canary".
    upstream.faults(R"([{"path": "/tts/websocket", "do": "ws_raw", "bytes_b64": "gYYAAAAAY2FuYXJ5"}])");
    auto one = open();
    auto const got = read_frame(one);
    BOOST_TEST((got.code == opcode::close));
    BOOST_TEST((got.close_code() == 1002U || got.close_code() == 1011U));
}

BOOST_AUTO_TEST_CASE(an_upstream_that_vanishes_is_1011)
{
    upstream.faults(R"([{"path": "/tts/websocket", "do": "vanish"}])");
    auto one = open();
    one.send(text_frame("hello"));
    auto const got = read_close(one);
    BOOST_TEST(got.close_code() == 1011U);
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
    gate.await_log("\"close_code\":1011");
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_ends_the_upstreams_side)
{
    for (auto const how : {0, 1, 2}) {
        upstream.clear();
        upstream.faults(echo);
        auto one = open();
        one.send(text_frame("hello"));
        (void)read_frame(one);
        if (how == 0) one.reset();
        if (how == 1) one.cut();
        if (how == 2) one.close();
        auto const seen = upstream.requests_over(1).front();
        BOOST_TEST((seen.tally("close_code") == 1001U || seen.tally("close_code") == 1006U));
        upstream.await_state("open_websockets", 0);
    }
}

BOOST_AUTO_TEST_CASE(a_stream_ends_with_1008_when_its_tokens_time_is_over)
{
    auto strict = at.another(R"({"tokens": {"stream_outlives_token": "0s"}})");
    auto one = open_websocket(strict.port(), target, {cookie(strict.mint("tts", seconds{3}))});
    one.send(text_frame("hello"));
    BOOST_TEST(read_frame(one).payload == "hello");
    auto const got = read_close(one);
    BOOST_TEST(got.close_code() == 1008U);
    BOOST_TEST(!got.close_reason().empty());
    one.send(close_frame(1008));
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.word("closed_by") == "peer");
    strict.await_log("\"close_code\":1008");
}

BOOST_AUTO_TEST_CASE(a_close_in_the_middle_of_a_message_comes_at_a_frame_boundary)
{
    auto strict = at.another(R"({"tokens": {"stream_outlives_token": "0s"}})");
    auto one = open_websocket(strict.port(), target, {cookie(strict.mint("tts", seconds{3}))});
    one.send(frame_header(opcode::binary, 1000) + std::string(10, 'x')); // and the rest never comes
    BOOST_TEST(read_close(one).close_code() == 1008U);
    (void)upstream.requests_over(1);
}

BOOST_AUTO_TEST_CASE(a_stream_may_outlive_its_token_by_the_configured_time)
{
    auto const own = gate.mint("tts", seconds{3});
    auto one = open_websocket(gate.port(), target, {cookie(own)});
    await("the end of a token of three seconds", [&] {
        return ask(gate.port(), request("GET", "/session", {cookie(own)})).status == 401;
    });
    one.send(text_frame("still here"));
    BOOST_TEST(read_frame(one).payload == "still here");
}

BOOST_AUTO_TEST_CASE(an_idle_stream_is_closed_after_the_limit)
{
    auto hasty = at.another(R"({"limits": {"websocket_idle": "300ms"}})");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    auto const got = read_close(one);
    BOOST_TEST(got.close_code() == 1000U);
    (void)upstream.requests_over(1);
}

BOOST_AUTO_TEST_CASE(on_sigterm_streams_end_with_1012_and_the_program_with_0)
{
    auto ending_one = at.another("{}");
    auto const own = ending_one.mint("tts");
    std::vector<client> all;
    for (auto i = 0; i < 10; ++i) {
        all.push_back(open_websocket(ending_one.port(), target, {cookie(own)}));
        all.back().send(text_frame("hello"));
        (void)read_frame(all.back());
    }
    ending_one.program().signal(SIGTERM);
    for (auto& one : all) {
        BOOST_TEST(read_close(one).close_code() == 1012U);
        one.send(close_frame(1012));
    }
    for (auto& one : all) {
        one.receive_to_end();
        BOOST_TEST((one.how_ended() == ending::clean));
        one.close();
    }
    BOOST_TEST(ending_one.program().exit_status() == 0);
    for (auto const& seen : upstream.requests_over(10))
        BOOST_TEST(seen.word("closed_by") == "peer");
    auto const log = ending_one.access_log();
    BOOST_TEST(log.find("\"close_code\":1012") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_answer_a_close_does_not_hold_up_the_end)
{
    auto ending_one = at.another("{}");
    auto one = open_websocket(ending_one.port(), target, {cookie(ending_one.mint("tts"))});
    ending_one.program().signal(SIGTERM);
    BOOST_TEST(read_close(one).close_code() == 1012U);
    BOOST_TEST(ending_one.program().exit_status() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
