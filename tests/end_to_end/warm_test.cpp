// What the gateway keeps ready towards the upstream: connections, sessions, tokens.
#include "tests/end_to_end/support/quiet_upstream.hpp"

#include <boost/test/unit_test.hpp>

using namespace e2e;

namespace {

constexpr auto answers =
    R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "ok"}])";

} // namespace

BOOST_FIXTURE_TEST_SUITE(warm_connections, quiet_upstream)

BOOST_AUTO_TEST_CASE(they_are_open_before_the_first_request)
{
    auto gate = in_front(R"({"connections_min": 3})");
    upstream.await_state("connections", 3);
    upstream.faults(answers);
    BOOST_TEST(speak(gate).body == "ok");
    BOOST_TEST(upstream.requests().front().connection <= 3U); // one of the three carried it
    await("the metrics", [&] { return gate.metric("voicegate_upstream_opened_ahead_total") >= 3; });
    BOOST_TEST(gate.metric("voicegate_upstream_connects_total") == 0U);
}

BOOST_AUTO_TEST_CASE(one_that_is_taken_is_replaced)
{
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])");
    auto gate = in_front(R"({"connections_min": 2})");
    upstream.await_state("connections", 2);
    auto one = open_websocket(gate.port(), "/tts/websocket", {cookie(gate.mint("tts"))});
    upstream.await_state("connections", 3);
}

BOOST_AUTO_TEST_CASE(those_that_the_upstream_ends_are_replaced)
{
    auto gate = in_front(R"({"connections_min": 2})");
    await("two connections", [&] { return handshakes() == 2; });
    BOOST_TEST(upstream.drop_connections() == 2U);
    await("two more", [&] { return handshakes() == 4; });
    upstream.await_state("connections", 2);
}

BOOST_AUTO_TEST_CASE(they_are_renewed_before_they_idle_too_long)
{
    auto gate = in_front(R"({"connections_min": 1})", R"(, "idle_for": "1s")");
    await("handshakes without any request", [&] { return handshakes() >= 3; });
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(recent_demand_raises_their_number)
{
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])");
    auto gate = in_front(R"({"connections_min": 0, "connections_max": 3})");
    auto const token = gate.mint("tts");
    {
        std::vector<client> all;
        for (auto i = 0; i < 6; ++i)
            all.push_back(open_websocket(gate.port(), "/tts/websocket", {cookie(token)}));
        upstream.await_state("connections", 6 + 3); // six were wanted at once; three is the most
    }
    upstream.await_state("connections", 3);
}

BOOST_AUTO_TEST_CASE(none_are_kept_where_none_may_be)
{
    upstream.faults(answers);
    for (auto const* warm :
         {R"({"connections_min": 0, "connections_max": 0})", R"({"connections_min": 1})"}) {
        auto const no_room = std::string_view(warm).find("max") == std::string_view::npos;
        auto gate = in_front(warm, no_room ? R"(, "idle_max": 0)" : "");
        BOOST_TEST(speak(gate).body == "ok");
        BOOST_TEST(gate.metric("voicegate_upstream_opened_ahead_total") == 0U);
    }
}

BOOST_AUTO_TEST_CASE(after_the_first_handshake_the_others_are_resumed)
{
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])");
    auto gate = in_front(R"({"connections_min": 0, "connections_max": 0})");
    auto const token = gate.mint("tts");
    std::vector<client> all;
    for (auto i = 0; i < 5; ++i) {
        all.push_back(open_websocket(gate.port(), "/tts/websocket", {cookie(token)}));
        all.back().send(text_frame("hello")); // whose answer brings the tickets at the latest
        BOOST_TEST(read_frame(all.back()).payload == "hello");
    }
    BOOST_TEST(upstream.state("full_handshakes") == 1U);
    BOOST_TEST(upstream.state("resumed_handshakes") == 4U);
    await("the metrics", [&] {
        return gate.metric(R"(voicegate_upstream_tls_handshakes_total{result="resumed"})") == 4;
    });
    BOOST_TEST(gate.metric(R"(voicegate_upstream_tls_handshakes_total{result="full"})") == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_always_wanted_is_minted_at_once)
{
    auto gate = in_front(R"({"grants": [["tts"], ["tts", "stt"]]})", R"(, "credential": "access_token")");
    await("two access tokens", [&] { return upstream.token_requests().size() == 2; });
}

BOOST_AUTO_TEST_SUITE_END()
