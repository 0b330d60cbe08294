// A peer whose machine or network is gone: no FIN comes, no RST, no answer to anything.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

using namespace e2e;

namespace {

constexpr std::string_view target = "/tts/websocket";

struct echo_scene : scene {
    echo_scene() { upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])"); }
};

/// How many connections from this machine to `port` on 127.0.0.1, or from it, the kernel watches for silence
/// (proc_net_tcp(5): the timer that is active, 02), and how many there are.
struct watched_connections {
    std::size_t all = 0;
    std::size_t watched = 0;
};

enum class end : std::uint8_t { local, remote };

watched_connections connections_at(std::uint16_t port, end which)
{
    std::ostringstream text;
    text << std::uppercase << std::hex << ":" << port;
    constexpr auto established = "01";
    watched_connections out;
    std::ifstream table("/proc/net/tcp");
    for (std::string line; std::getline(table, line);) {
        std::istringstream words(line);
        std::string number;
        std::string local;
        std::string remote;
        std::string state;
        std::string queues;
        std::string timer;
        words >> number >> local >> remote >> state >> queues >> timer;
        if (state != established || !(which == end::local ? local : remote).ends_with(text.str())) continue;
        ++out.all;
        if (timer.starts_with("02:")) ++out.watched;
    }
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(silent_peers, echo_scene)

BOOST_AUTO_TEST_CASE(the_kernel_watches_both_sides_for_silence)
{
    auto one = open_websocket(gate.port(), target, {cookie(token)});
    one.send(text_frame("hello"));
    BOOST_TEST(read_frame(one).payload == "hello");
    // What has just been sent may still wait for its acknowledgement: another timer, for a moment.
    await("a watch over each connection", [&] {
        auto const clients = connections_at(gate.port(), end::local);
        auto const links = connections_at(upstream.port(), end::remote);
        return clients.all > 0 && clients.watched == clients.all && links.all > 0 &&
               links.watched == links.all;
    });
}

BOOST_AUTO_TEST_CASE(a_client_whose_network_is_gone_is_given_up)
{
    auto hasty =
        at.another(R"({"limits": {"peer_silence": "8s", "write_stall": "8s", "websocket_ping": "0s"}})");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    one.send(text_frame("hello"));
    BOOST_TEST(read_frame(one).payload == "hello");
    one.vanish();
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("close_code") == 1001U);
    (void)hasty.await_log(R"("reason":"client_gone")");
}

BOOST_AUTO_TEST_CASE(a_silent_client_is_pinged_and_then_given_up)
{
    auto hasty = at.another(R"({"limits": {"websocket_ping": "500ms"}})");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    auto const asked = read_frame(one);
    BOOST_TEST((asked.code == opcode::ping));
    BOOST_TEST(asked.payload.size() == 8U);
    one.receive_to_end();
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("close_code") == 1001U);
    BOOST_TEST(seen.tally("pings") == 0U); // to an upstream they may be activity (contract §6)
    (void)hasty.await_log(R"("reason":"client_gone")");
}

BOOST_AUTO_TEST_CASE(a_client_whose_network_is_gone_is_given_up_after_two_ping_intervals)
{
    auto hasty = at.another(R"({"limits": {"websocket_ping": "1s"}})");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    one.send(text_frame("hello"));
    BOOST_TEST(read_frame(one).payload == "hello");
    auto const gone = std::chrono::steady_clock::now();
    one.vanish();
    (void)upstream.requests_over(1);
    BOOST_TEST((std::chrono::steady_clock::now() - gone < seconds{2 * 1} + milliseconds{1'500}));
}

BOOST_AUTO_TEST_CASE(the_answer_to_our_ping_does_not_pass_and_keeps_the_stream)
{
    auto hasty = at.another(R"({"limits": {"websocket_ping": "300ms"}})");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    for (auto i = 0; i < 4; ++i) {
        auto const asked = read_frame(one);
        BOOST_TEST_REQUIRE((asked.code == opcode::ping));
        auto const answer = write({.code = opcode::pong, .payload = asked.payload});
        // Before, within and behind messages, and in two pieces.
        if (i % 2 == 0)
            one.send(text_frame("a") + answer + text_frame("b"));
        else
            for (auto const& part :
                 {text_frame("a") + answer.substr(0, 5), answer.substr(5) + text_frame("b")})
                one.send(part);
        BOOST_TEST(read_frame(one).payload == "a");
        BOOST_TEST(read_frame(one).payload == "b");
    }
    one.send(write({.code = opcode::pong, .payload = "its own"})); // which upstreams may be told
    one.send(close_frame(1000));
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("pongs") == 1U);
    BOOST_TEST(seen.tally("text_received") == 8U);
    BOOST_TEST(seen.tally("close_code") == 1000U);
}

BOOST_AUTO_TEST_CASE(pings_and_their_answers_keep_no_idle_stream)
{
    auto hasty = at.another(R"({"limits": {"websocket_ping": "200ms", "websocket_idle": "1s"}})");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    for (;;) {
        auto const came = read_frame(one);
        if (came.code == opcode::close) {
            BOOST_TEST(came.close_code() == 1000U);
            break;
        }
        BOOST_TEST_REQUIRE((came.code == opcode::ping));
        one.send(write({.code = opcode::pong, .payload = came.payload}));
    }
}

BOOST_AUTO_TEST_CASE(no_ping_stands_in_a_frame)
{
    auto hasty = at.another(R"({"limits": {"websocket_ping": "200ms"}})");
    // The header of a message of 100 bytes, and ten of them.
    upstream.faults(R"([{"path": "/tts/websocket", "do": "ws_raw", "bytes_b64": "gmQwMTIzNDU2Nzg5"}])");
    auto one = open_websocket(hasty.port(), target, {cookie(hasty.mint("tts"))});
    deadline const until;
    while (one.inbox.size() < 12)
        BOOST_TEST_REQUIRE(one.receive(until));
    BOOST_TEST(one.stays_silent(milliseconds{1'000}));
    BOOST_TEST(one.inbox.substr(2) == "0123456789");
}

BOOST_AUTO_TEST_SUITE_END()
