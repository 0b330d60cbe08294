// An open WebSocket: what passes, and that it passes as it is.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

constexpr std::size_t MiB = 1 << 20;
constexpr std::string_view target = "/tts/websocket";

std::string payload_of(std::size_t size)
{
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>('a' + i % 26);
    return out;
}

/// An upstream that gives every message back.
struct echo_scene : scene {
    echo_scene() { upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])"); }

    [[nodiscard]] client open() const { return open_websocket(gate.port(), target, {cookie(token)}); }
};

/// Reads a message, of however many frames.
std::string read_message(client& from)
{
    std::string out;
    for (;;) {
        auto const one = read_frame(from);
        out += one.payload;
        if (one.fin) return out;
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(websocket, echo_scene)

BOOST_AUTO_TEST_CASE(text_and_binary_come_back_as_they_were)
{
    auto one = open();
    one.send(text_frame("hello"));
    auto const text = read_frame(one);
    BOOST_TEST((text.code == opcode::text));
    BOOST_TEST(text.payload == "hello");
    auto const bytes = std::string("\0\xff\x80\r\n", 5);
    one.send(write({.code = opcode::binary, .payload = bytes}));
    auto const binary = read_frame(one);
    BOOST_TEST((binary.code == opcode::binary));
    BOOST_TEST((binary.payload == bytes));
    one.send(close_frame(1000, "bye"));
    (void)read_close(one);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("text_received") == 1U);
    BOOST_TEST(seen.tally("binary_received") == 1U);
}

BOOST_AUTO_TEST_CASE(the_close_and_the_first_answer_are_counted)
{
    auto const closes = R"(voicegate_websockets_closed_total{by="client",code="1001"})";
    auto const answers = R"(voicegate_time_to_first_byte_seconds_count{kind="websocket"})";
    auto const closes_before = gate.metric(closes);
    auto const answers_before = gate.metric(answers);
    auto one = open();
    for (auto const* text : {"one", "two"}) {
        one.send(text_frame(text));
        (void)read_frame(one);
    }
    one.send(close_frame(1001, ""));
    (void)read_close(one);
    await("a close", [&] { return gate.metric(closes) == closes_before + 1; });
    BOOST_TEST(gate.metric(answers) == answers_before + 1);
}

BOOST_DATA_TEST_CASE(every_length_passes, data::make({0, 1, 125, 126, 127, 65'535, 65'536, 1'000'000}), size)
{
    auto const bytes = payload_of(static_cast<std::size_t>(size));
    auto one = open();
    one.send(write({.code = opcode::binary, .payload = bytes}));
    BOOST_TEST((read_message(one) == bytes));
}

BOOST_AUTO_TEST_CASE(a_length_in_more_bytes_than_it_needs_is_1002)
{
    for (auto const how : {frame::length::two_bytes, frame::length::eight_bytes}) { // RFC 6455 §5.2
        auto one = open();
        one.send(write({.code = opcode::binary, .payload = "short", .length_in = how}));
        BOOST_TEST(read_close(one).close_code() == 1002U);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_may_come_byte_by_byte)
{
    auto one = open();
    for (auto const c : text_frame("hello") + write({.code = opcode::binary, .payload = payload_of(300)}))
        one.send({&c, 1});
    BOOST_TEST(read_message(one) == "hello");
    BOOST_TEST(read_message(one) == payload_of(300));
}

BOOST_AUTO_TEST_CASE(a_message_in_fragments_with_a_ping_between_arrives_whole)
{
    auto one = open();
    one.send(write({.code = opcode::text, .payload = "one ", .fin = false}));
    one.send(write({.code = opcode::continuation, .payload = "two ", .fin = false}));
    one.send(write({.code = opcode::ping, .payload = "still there?"}));
    auto const pong = read_frame(one);
    BOOST_TEST((pong.code == opcode::pong));
    BOOST_TEST(pong.payload == "still there?");
    one.send(write({.code = opcode::continuation, .payload = "three"}));
    BOOST_TEST(read_message(one) == "one two three");
    one.send(close_frame(1000));
    (void)read_close(one);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("text_received") == 1U);
    BOOST_TEST(seen.tally("pings") == 1U); // the upstream answered, not the gateway
}

BOOST_AUTO_TEST_CASE(the_first_fragment_does_not_wait_for_the_last)
{
    upstream.faults(R"([{"path": "/tts/websocket", "do": "ws_echo"}])");
    auto one = open();
    auto const big = payload_of(MiB);
    one.send(frame_header(opcode::binary, 2 * MiB) + big);
    one.send(big); // taken only if the gateway passes the first half on: it holds no message
    BOOST_TEST(read_message(one).size() == 2 * MiB);
}

BOOST_AUTO_TEST_CASE(many_messages_in_one_write_all_come_back_in_order)
{
    auto one = open();
    std::string all;
    for (auto i = 0; i < 500; ++i)
        all += text_frame("message " + std::to_string(i));
    one.send(all);
    for (auto i = 0; i < 500; ++i)
        BOOST_TEST_REQUIRE(read_message(one) == "message " + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(a_ping_of_a_pong_without_ping_and_an_empty_ping_pass)
{
    auto one = open();
    one.send(write({.code = opcode::pong, .payload = "unasked"}));
    one.send(write({.code = opcode::ping, .payload = {}}));
    BOOST_TEST((read_frame(one).code == opcode::pong));
    one.send(close_frame(1000));
    (void)read_close(one);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.tally("pongs") == 1U);
    BOOST_TEST(seen.tally("pings") == 1U);
}

BOOST_AUTO_TEST_CASE(frames_behind_the_handshake_arrive_after_it)
{
    client one(gate.port());
    one.send(handshake(target, {cookie(token)}) + text_frame("early"));
    auto const got = read_head(one);
    if (got.status == 101) { // allowed by the contract (§10.2); refusing is allowed as well
        BOOST_TEST(read_message(one) == "early");
    } else {
        BOOST_TEST(got.status == 400U);
        BOOST_TEST(upstream.requests().empty());
    }
}

BOOST_AUTO_TEST_CASE(frames_behind_the_handshake_wait_for_the_101)
{
    auto alone = at.another(R"({"threads": 1})");
    auto const own = alone.mint("tts");
    upstream.faults(R"([{"path": "/tts/websocket", "do": "hang"}])");
    client one(alone.port());
    one.send(handshake(target, {cookie(own)}) + text_frame("early"));
    upstream.await_held(); // it has the handshake
    one.send(text_frame("early too"));
    // The one worker has had its turn with what came before this.
    BOOST_TEST(ask(alone.port(), request("GET", "/nowhere")).status == 404U);
    upstream.release(); // now it looks what else has come, and answers 400 if anything has
    BOOST_TEST(read_head(one).status == 101U);
    (void)read_message(one); // its words on "early", which is no request
    one.close();
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(boost::json::serialize(seen.websocket).find("early too") != std::string::npos);
}

BOOST_DATA_TEST_CASE(
    a_101_that_is_not_the_answer_to_our_handshake_is_502,
    boost::unit_test::data::make(
        {R"({"Sec-WebSocket-Accept": "HSmrc0sMlYUkAGmm5OPpG2HaGWk="})",
         R"({"Sec-WebSocket-Protocol": "chat"})",
         R"({"Sec-WebSocket-Extensions": "permessage-deflate"})",
         R"({"Upgrade": "h2c"})"}),
    headers)
{
    upstream.faults(
        R"([{"path": "/tts/websocket", "do": "ws_echo", "headers": )" + std::string(headers) + "}]");
    client one(gate.port());
    one.send(handshake(target, {cookie(token)}));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 502U);
    BOOST_TEST(!got.has("sec-websocket-accept"));
    BOOST_TEST(upstream.requests_over(1).front().tally("text_received") == 0U);
}

BOOST_AUTO_TEST_CASE(frames_that_the_upstream_sends_right_behind_its_101_arrive)
{
    upstream.faults(R"([{"path": "/tts/websocket", "do": "ws_push", "count": 3, "bytes": 10}])");
    auto one = open();
    BOOST_TEST(read_message(one) == "aaaaaaaaaa");
    BOOST_TEST(read_message(one) == "bbbbbbbbbb");
    BOOST_TEST(read_message(one) == "cccccccccc");
}

BOOST_AUTO_TEST_CASE(a_real_stt_socket_hears_and_says_done)
{
    upstream.clear();
    auto one = open_websocket(
        gate.port(),
        "/stt/websocket?model=ink-2&encoding=pcm_s16le&sample_rate=16000&cartesia_version=2026-03-01",
        {cookie(token)});
    one.send(write({.code = opcode::binary, .payload = std::string(32'000, '\1')}));
    one.send(text_frame("close"));
    std::string all;
    while (all.find("\"type\":\"done\"") == std::string::npos)
        all += read_message(one);
    BOOST_TEST(all.find("\"type\":\"transcript\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_slow_websocket_reader_costs_the_gateway_one_window)
{
    upstream.faults(
        R"([{"path": "/tts/websocket", "times": -1, "do": "ws_push", "count": 24, "bytes": 1048576}])");
    memory_growth const grown(gate);
    client_options slow;
    slow.receive_buffer = 16 * 1024;
    auto one = open_websocket(gate.port(), target, {cookie(token)}, slow);
    auto const lively = [&] { // a whole other stream of the same size passes meanwhile
        auto other = open();
        for (auto i = 0; i < 24; ++i)
            if (read_message(other).size() != MiB) return false;
        return true;
    };
    BOOST_TEST(lively());
    BOOST_TEST(grown.bytes() < 4 * MiB);
    for (auto i = 0; i < 24; ++i)
        BOOST_TEST_REQUIRE(read_message(one).size() == MiB); // and nothing is lost
}

BOOST_AUTO_TEST_CASE(a_slow_upstream_holds_the_client_back)
{
    // The echo comes back to a client that does not read, so the upstream stops reading too.
    memory_growth const grown(gate);
    client_options slow;
    slow.receive_buffer = 16 * 1024;
    auto one = open_websocket(gate.port(), target, {cookie(token)}, slow);
    auto const message = write({.code = opcode::binary, .payload = payload_of(MiB)});
    std::size_t taken = 0;
    for (auto n = message.size(); n == message.size() && taken < 100 * MiB; taken += n)
        n = one.offer(message, seconds{1});
    BOOST_TEST(taken < 64 * MiB);
    BOOST_TEST(grown.bytes() < 4 * MiB);
    one.reset();
    upstream.await_state("open_websockets", 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(websocket_handshake, echo_scene)

BOOST_AUTO_TEST_CASE(deflate_is_neither_offered_nor_accepted)
{
    client one(gate.port());
    one.send(handshake(target, {cookie(token)}));
    auto const got = read_head(one);
    BOOST_TEST(got.status == 101U);
    BOOST_TEST(!got.has("sec-websocket-extensions"));
    one.close();
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(!seen.count("sec-websocket-extensions"));
    BOOST_TEST(seen.value("sec-websocket-key") == handshake_key);
    BOOST_TEST(seen.value("sec-websocket-version") == "13");
    BOOST_TEST(seen.value("upgrade") == "websocket");
}

BOOST_AUTO_TEST_CASE(the_headers_of_the_upstreams_101_pass)
{
    client one(gate.port());
    one.send(handshake(target, {cookie(token)}));
    auto const got = read_head(one);
    BOOST_TEST(got.value("sec-websocket-accept") == handshake_accept);
    BOOST_TEST(!got.value("cartesia-request-id").empty());
    BOOST_TEST(got.value("cartesia-request-id") == got.value("x-request-id"));
    BOOST_TEST(!got.has("set-cookie"));
}

BOOST_DATA_TEST_CASE(
    a_refused_handshake_passes_with_status_and_body, data::make({400U, 401U, 404U, 429U, 500U}), status)
{
    upstream.faults(
        R"([{"path": "/tts/websocket", "do": "refuse_handshake", "status": )" + std::to_string(status) +
        R"(, "body": "no room", "headers": {"Retry-After": "3"}}])");
    client one(gate.port());
    one.send(handshake(target, {cookie(token)}));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.body == "no room");
    BOOST_TEST(got.value("retry-after") == "3");
    one.send(handshake(target, {cookie(token)})); // and the connection is still good
    BOOST_TEST(read_head(one).status == 101U);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_is_gone_is_502_before_any_101)
{
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "reset_before_answer"}])");
    BOOST_TEST(ask(gate.port(), handshake(target, {cookie(token)})).status == 502U);
}

BOOST_AUTO_TEST_CASE(a_200_to_a_handshake_is_an_answer_and_no_tunnel)
{
    upstream.faults(R"([{"path": "/tts/websocket", "do": "status", "status": 200, "body": "not a socket"}])");
    client one(gate.port());
    one.send(handshake(target, {cookie(token)}));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.body == "not a socket");
}

BOOST_AUTO_TEST_CASE(the_upgrade_field_may_be_in_any_case)
{
    auto text = handshake(target, {cookie(token)});
    text.replace(text.find("Upgrade: websocket"), 18, "UPGRADE: WebSocket");
    text.replace(text.find("Connection: Upgrade"), 19, "Connection: keep-alive, upgrade");
    client one(gate.port());
    one.send(text);
    BOOST_TEST(read_head(one).status == 101U);
}

BOOST_AUTO_TEST_SUITE_END()
