// Connections on both sides: keep-alive, pipelining, the pool and its one retry, limits, strictness of heads.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace e2e;

namespace {

constexpr std::string_view answers =
    R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])";

struct answering_scene : scene {
    answering_scene() { upstream.faults(answers); }
    [[nodiscard]] std::string speak(std::string_view query = {}, fields more = {}) const
    {
        more.push_back(cookie(token));
        return request("POST", "/tts/bytes" + std::string(query), more, "{}");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(client_connections, answering_scene)

BOOST_AUTO_TEST_CASE(one_connection_carries_many_requests)
{
    client one(gate.port());
    for (auto i = 0; i < 50; ++i) {
        one.send(speak());
        BOOST_TEST(read_answer(one).body == "spoken");
    }
    BOOST_TEST(upstream.requests_over(50).size() == 50U);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order)
{
    client one(gate.port());
    std::string all;
    for (auto i = 0; i < 10; ++i)
        all += i % 3 == 2 ? request("POST", "/nowhere", {}, "x") : speak("?n=" + std::to_string(i));
    one.send(all);
    for (auto i = 0; i < 10; ++i)
        BOOST_TEST(read_answer(one).status == (i % 3 == 2 ? 404U : 200U));
    auto const seen = upstream.requests_over(7);
    BOOST_REQUIRE(seen.size() == 7U);
    BOOST_TEST(seen.front().target == "/tts/bytes?n=0");
    BOOST_TEST(seen.back().target == "/tts/bytes?n=9");
}

BOOST_AUTO_TEST_CASE(a_pipelined_request_waits_for_the_stream_before_it)
{
    upstream.faults(
        R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}, )" +
        std::string(answers.substr(1)));
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()) + speak());
    auto got = read_head(one);
    BOOST_REQUIRE(read_more(one, got));
    upstream.release();
    while (read_more(one, got)) {
    }
    BOOST_TEST(got.whole);
    BOOST_TEST(read_answer(one).body == "spoken");
}

BOOST_AUTO_TEST_CASE(connection_close_is_obeyed)
{
    client one(gate.port());
    one.send(
        speak(
            "",
            {
                {"Connection", "close"}
    }) +
        speak());
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.value("connection") == "close");
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
    BOOST_TEST(one.inbox.empty());
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(http_1_0_is_answered_and_closed)
{
    client one(gate.port());
    auto text = speak();
    text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
    one.send(text);
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.body == "spoken");
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
}

BOOST_AUTO_TEST_CASE(a_malformed_request_is_400_and_closes_even_behind_a_good_one)
{
    client one(gate.port());
    one.send(speak() + "GET /tts/bytes HTTP/1.1\nHost: x\n\n" + speak());
    BOOST_TEST(read_answer(one).status == 200U);
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(got.value("connection") == "close");
    one.receive_to_end();
    BOOST_TEST(one.inbox.empty());
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_in_good_order)
{
    auto hasty = at.another(R"({"limits": {"idle": "1s"}})");
    client one(hasty.port());
    one.send(request("POST", "/tts/bytes", {cookie(hasty.mint("tts"))}, "{}"));
    BOOST_TEST(read_answer(one).status == 200U);
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
}

BOOST_AUTO_TEST_CASE(half_a_head_is_408_after_the_limit)
{
    auto hasty = at.another(R"({"limits": {"head": "300ms"}})");
    client one(hasty.port());
    one.send("POST /tts/bytes HTTP/1.1\r\nHost: ");
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 408U);
    one.receive_to_end();
}

BOOST_AUTO_TEST_CASE(a_handshake_that_does_not_come_is_closed_after_the_limit)
{
    auto hasty = at.another(R"({"limits": {"handshake": "300ms"}})");
    client_options raw;
    raw.tls = false;
    client silent(hasty.port(), raw);
    silent.receive_to_end();
    client half(hasty.port(), raw);
    half.send(std::string_view("\x16\x03\x01\x02", 4));
    half.receive_to_end();
    BOOST_TEST((half.how_ended() != ending::none));
}

BOOST_AUTO_TEST_CASE(the_number_of_requests_on_a_connection_is_limited)
{
    auto few = at.another(R"({"limits": {"requests_per_connection": 3}})");
    client one(few.port());
    for (auto i = 0; i < 3; ++i) {
        one.send(request("GET", "/nowhere"));
        BOOST_TEST(read_answer(one).status == 404U);
    }
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(upstream_connections, answering_scene)

BOOST_AUTO_TEST_CASE(upstream_connections_are_used_again)
{
    client one(gate.port());
    for (auto i = 0; i < 20; ++i) {
        one.send(speak());
        BOOST_TEST(read_answer(one).status == 200U);
    }
    std::set<std::uint64_t> used;
    for (auto const& seen : upstream.requests_over(20))
        used.insert(seen.connection);
    BOOST_TEST(used.size() <= 2U);
}

BOOST_AUTO_TEST_CASE(different_clients_never_share_an_exchange)
{
    std::vector<client> all;
    for (auto i = 0; i < 30; ++i)
        all.emplace_back(gate.port());
    upstream.faults(R"([{"path": "/tts/*", "times": -1, "do": "close_delimited"}])");
    for (auto& one : all)
        one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    for (auto& one : all)
        BOOST_TEST(read_answer(one).whole);
}

BOOST_AUTO_TEST_CASE(a_pooled_connection_that_died_is_replaced_once)
{
    client one(gate.port());
    for (auto round = 0; round < 5; ++round) {
        one.send(speak());
        BOOST_TEST(read_answer(one).status == 200U);
        BOOST_TEST(upstream.drop_connections() >= 1U);
        one.send(speak());
        BOOST_TEST(read_answer(one).status == 200U); // the client notices nothing
    }
    BOOST_TEST(upstream.requests_over(10).size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_used_connection_that_dies_at_work_is_tried_again_once_and_no_more)
{
    client one(gate.port());
    one.send(speak());
    BOOST_TEST(read_answer(one).status == 200U);
    upstream.clear();
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "reset_before_answer"}])");
    one.send(speak());
    BOOST_TEST(read_answer(one).status == 502U);
    BOOST_TEST(upstream.requests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_new_connection_that_fails_is_not_tried_again)
{
    auto fresh = at.another( // with none that was opened ahead
        R"({"upstream": {"credential": "api_key", "warm": {"connections_min": 0, "connections_max": 0}}})");
    auto const own = fresh.mint("tts");
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "reset_before_answer"}])");
    BOOST_TEST(ask(fresh.port(), request("POST", "/tts/bytes", {cookie(own)}, "{}")).status == 502U);
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_at_hand_is_not_sent_again)
{
    auto one_worker = at.another(R"({"threads": 1})");
    auto const own = one_worker.mint("tts");
    auto const body = std::string(1 << 20, 'a');
    BOOST_TEST(ask(one_worker.port(), request("POST", "/tts/bytes", {cookie(own)}, "{}")).status == 200U);
    upstream.clear();
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": 1, "do": "reset_before_answer"}, )" +
        std::string(answers.substr(1)));
    BOOST_TEST(ask(one_worker.port(), request("POST", "/tts/bytes", {cookie(own)}, body)).status == 502U);
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_aborted_answer_does_not_poison_the_pool)
{
    for (auto round = 0; round < 10; ++round) {
        upstream.faults(
            R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}, )" +
            std::string(answers.substr(1)));
        client leaving(gate.port());
        leaving.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
        auto got = read_head(leaving);
        BOOST_REQUIRE(read_more(leaving, got));
        leaving.reset();
        BOOST_TEST(ask(gate.port(), speak()).body == "spoken");
    }
    upstream.await_state("open_http", 0);
}

BOOST_AUTO_TEST_CASE(descriptors_come_back_after_a_storm_of_aborts)
{
    (void)ask(gate.port(), speak());
    auto const before = gate.open_descriptors();
    for (auto i = 0; i < 200; ++i) {
        client one(gate.port());
        one.send(speak());
        one.reset();
    }
    await("the descriptors to come back", [&] { return gate.open_descriptors() <= before + 40; });
    BOOST_TEST(ask(gate.port(), speak()).status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
