// Every piece of an answer leaves as it comes: shown by an upstream that holds back the next one.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace e2e;

namespace {

std::string pattern(std::size_t size) // as the simulator's `big_body`
{
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(i % 251);
    return out;
}

constexpr std::size_t MiB = 1 << 20;

} // namespace

BOOST_FIXTURE_TEST_SUITE(streaming, scene)

BOOST_AUTO_TEST_CASE(the_first_bytes_of_speech_arrive_while_the_second_piece_is_held)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])");
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    auto got = read_head(one);
    BOOST_TEST(got.status == 200U);
    upstream.await_held();
    BOOST_REQUIRE(read_more(one, got));
    auto const before = got.body.size();
    BOOST_TEST(before > 0U);
    BOOST_TEST(!got.whole);
    upstream.release();
    while (read_more(one, got)) {
    }
    BOOST_TEST(got.whole);
    BOOST_TEST(got.body.size() > before);
}

BOOST_AUTO_TEST_CASE(the_first_event_arrives_while_the_second_is_held)
{
    upstream.faults(R"([{"path": "/tts/sse", "do": "hold_after_chunks", "chunks": 1}])");
    client one(gate.port());
    one.send(request(
        "POST",
        "/tts/sse",
        {
            cookie(token), {"Accept", "text/event-stream"}
    },
        speech()));
    auto got = read_head(one);
    BOOST_TEST(got.value("content-type").starts_with("text/event-stream"));
    upstream.await_held();
    BOOST_TEST(read_until(one, got, "\n\n"));
    BOOST_TEST(got.body.find("event: chunk") != std::string::npos);
    BOOST_TEST(got.body.find("event: done") == std::string::npos);
    upstream.release();
    BOOST_TEST(read_until(one, got, "event: done"));
    while (read_more(one, got)) {
    }
    BOOST_TEST(got.whole);
}

BOOST_AUTO_TEST_CASE(the_first_message_arrives_while_the_second_is_held)
{
    upstream.faults(R"([{"path": "/tts/websocket", "do": "hold_after_chunks", "chunks": 1}])");
    auto one = open_websocket(gate.port(), "/tts/websocket?cartesia_version=2026-03-01", {cookie(token)});
    auto order = speech();
    order.insert(1, R"("context_id":"c1",)");
    one.send(text_frame(order));
    auto const first = read_frame(one);
    BOOST_TEST(first.payload.find("\"type\":\"chunk\"") != std::string::npos);
    upstream.release();
    std::string last;
    while (last.find("\"type\":\"done\"") == std::string::npos)
        last = read_frame(one).payload;
    one.send(close_frame(1000));
    BOOST_TEST(read_close(one).close_code() == 1000U);
}

BOOST_AUTO_TEST_CASE(the_head_of_an_answer_does_not_wait_for_its_body)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 0}])");
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    BOOST_TEST(read_head(one).status == 200U);
    upstream.release();
}

BOOST_AUTO_TEST_CASE(a_body_of_known_length_keeps_its_length_and_bytes)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "big_body", "bytes": 5242880}])");
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    BOOST_TEST(got.whole);
    BOOST_TEST(got.value("content-length") == "5242880");
    BOOST_TEST((got.body == pattern(5 * MiB)));
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_comes_as_chunks)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "close_delimited"}])");
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    auto const got = read_answer(one);
    BOOST_TEST(got.whole);
    BOOST_TEST(got.value("transfer-encoding") == "chunked");
    BOOST_TEST(got.body.size() > 1000U);
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech())); // our side is kept alive
    BOOST_TEST(read_answer(one).status == 200U);
}

BOOST_AUTO_TEST_CASE(for_http_1_0_the_body_ends_with_the_connection)
{
    client one(gate.port());
    auto text = request("POST", "/tts/bytes", {cookie(token)}, speech());
    text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
    one.send(text);
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(!got.has("transfer-encoding"));
    BOOST_TEST(got.whole);
    BOOST_TEST((one.how_ended() == ending::clean));
}

BOOST_AUTO_TEST_CASE(a_slow_reader_costs_the_gateway_one_window)
{
    constexpr std::size_t grown_at_most = 12 * MiB; // for four readers, each of them 24 MiB behind
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "big_body", "bytes": 25165824}])");
    (void)ask(gate.port(), request("POST", "/nowhere"));
    memory_growth const grown(gate);
    client_options slow;
    slow.receive_buffer = 16 * 1024;
    std::vector<client> readers;
    for (auto i = 0; i < 4; ++i) {
        readers.emplace_back(gate.port(), slow);
        readers.back().send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    }
    for (auto& one : readers)
        BOOST_TEST(read_head(one).status == 200U);
    // Others are served meanwhile; what they take in all is more than the gateway could have read ahead
    // unnoticed.
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(
            ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}")).body.size() == 24 * MiB);
    BOOST_TEST(grown.bytes() < grown_at_most);
    BOOST_TEST(upstream.requests().front().complete == false);
    for (auto& one : readers)
        one.reset();
    upstream.await_state("open_http", 0);
}

BOOST_AUTO_TEST_CASE(the_client_leaving_ends_the_upstream_request)
{
    for (auto const how : {0, 1, 2}) {
        upstream.clear();
        upstream.faults(R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])");
        client one(gate.port());
        one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
        auto got = read_head(one);
        BOOST_REQUIRE(read_more(one, got));
        upstream.await_held();
        if (how == 0) one.reset();
        if (how == 1) one.close();
        if (how == 2) one.cut();
        BOOST_TEST(upstream.requests_over(1).front().aborted);
        upstream.await_state("tts_in_use", 0);
    }
}

BOOST_AUTO_TEST_CASE(the_client_leaving_before_the_answer_ends_the_upstream_request)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hang"}])");
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    upstream.await_held();
    one.reset();
    BOOST_TEST(upstream.requests_over(1).front().aborted);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(without_a_body, scene)

BOOST_AUTO_TEST_CASE(no_content_and_not_modified_have_none_and_keep_the_connection)
{
    client one(gate.port());
    for (auto const status : {204U, 304U}) {
        upstream.faults(
            R"([{"path": "/tts/bytes", "do": "status", "status": )" + std::to_string(status) + "}]");
        one.send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
        auto const got = read_answer(one);
        BOOST_TEST(got.status == status);
        BOOST_TEST(!got.has("transfer-encoding"));
        if (status == 204) BOOST_TEST(!got.has("content-length")); // RFC 9110 §8.6
    }
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    BOOST_TEST(read_answer(one).status == 200U);
}

BOOST_AUTO_TEST_CASE(the_answer_to_head_has_a_length_and_no_body)
{
    auto extra =
        at.another(R"({"routes": [{"path": "/voices/{id}", "methods": ["GET", "HEAD"], "grant": "tts"}]})");
    upstream.faults(
        R"([{"path": "/voices/*", "times": -1, "do": "status", "status": 200, "body": "0123456789"}])");
    client one(extra.port());
    one.send(request("HEAD", "/voices/v1", {cookie(extra.mint("tts"))}));
    auto const got = read_answer(one, true);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.value("content-length") == "10");
    one.send(request("GET", "/voices/v1", {cookie(extra.mint("tts"))}));
    BOOST_TEST(read_answer(one).body == "0123456789");
}

BOOST_AUTO_TEST_CASE(informational_answers_are_relayed_before_the_answer)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "informational"}])");
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, speech()));
    BOOST_TEST(got.status == 200U);
    BOOST_REQUIRE(got.informational.size() == 1U);
    BOOST_TEST(got.informational.front().starts_with("HTTP/1.1 103 "));
    BOOST_TEST(got.informational.front().find("Link: </hint>; rel=preload\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(http_1_0_gets_no_informational_answers)
{
    upstream.faults(R"([{"path": "/tts/bytes", "do": "informational"}])");
    auto text = request("POST", "/tts/bytes", {cookie(token)}, speech());
    text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
    auto const got = ask(gate.port(), text);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.informational.empty());
}

BOOST_AUTO_TEST_SUITE_END()
