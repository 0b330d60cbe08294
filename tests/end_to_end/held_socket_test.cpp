// WebSockets that the gateway opens ahead and hands over to the clients they fit.
#include "tests/end_to_end/support/quiet_upstream.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <set>

using namespace e2e;

namespace {

constexpr std::string_view target = "/tts/websocket?cartesia_version=2026-03-01";
constexpr std::string_view echo = R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";

/// One gateway that holds one socket, and knows for which shape.
struct holding : quiet_upstream {
    holding()
        : gate(in_front(R"({"connections_min": 0, "connections_max": 0, "websockets": 1})")),
          token(gate.mint("tts"))
    {
        upstream.faults(echo);
        learn(gate, token);
    }

    /// A shape is known from the second time on; then one socket is open that no client has asked for.
    void learn(gateway const& by, std::string const& with) const
    {
        for (auto i = 0; i < 2; ++i) {
            auto one = open_websocket(by.port(), target, {cookie(with)});
            one.send(close_frame(1000));
            (void)read_close(one);
        }
        await_held(by, 1);
    }
    static void await_held(gateway const& by, std::uint64_t count)
    {
        await("the held sockets", [&] { return by.metric("voicegate_upstream_websockets_held") == count; });
    }
    [[nodiscard]] std::uint64_t handed_over() const
    {
        return gate.metric("voicegate_upstream_websockets_handed_over_total");
    }
    /// True when a socket that was opened with `query` and `more` is the one that was held.
    [[nodiscard]] bool is_handed_over(std::string_view query, fields const& more) const
    {
        await_held(gate, 1);
        auto const before = handed_over();
        auto one = open_websocket(gate.port(), "/tts/websocket" + std::string(query), more);
        one.send(text_frame("hello"));
        BOOST_TEST(read_frame(one).payload == "hello");
        one.send(close_frame(1000));
        (void)read_close(one);
        return handed_over() > before;
    }

    gateway gate;
    std::string token;
};

constexpr std::string_view query = "?cartesia_version=2026-03-01";

} // namespace

BOOST_FIXTURE_TEST_SUITE(held_sockets, holding)

BOOST_AUTO_TEST_CASE(a_client_gets_it_with_an_answer_of_its_own)
{
    client one(gate.port());
    one.send(handshake(
        target,
        {
            cookie(token), {"User-Agent", "canary-agent"}
    }));
    auto const got = read_head(one);
    BOOST_TEST(got.status == 101U);
    BOOST_TEST(got.value("sec-websocket-accept") == handshake_accept);
    BOOST_TEST(got.count("sec-websocket-accept") == 1U);
    BOOST_TEST(got.count("x-request-id") == 1U);
    BOOST_TEST(!got.value("cartesia-request-id").empty());
    BOOST_TEST(got.value("x-request-id") != got.value("cartesia-request-id"));
    BOOST_TEST(!got.has("set-cookie"));
    BOOST_TEST(!got.has("date"));
    one.send(text_frame("hello"));
    BOOST_TEST(read_frame(one).payload == "hello");
    one.send(close_frame(4000, "done"));
    BOOST_TEST(read_close(one).close_code() == 4000U);
    BOOST_TEST(handed_over() == 1U);
    auto const log = gate.await_log("\"close_code\":4000");
    BOOST_TEST(log.find(got.value("x-request-id")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_was_opened_as_the_client_would_have_but_for_what_is_its_own)
{
    BOOST_TEST(is_handed_over(
        query,
        {
            cookie(token), {"User-Agent", "canary-agent"}
    }));
    auto const all = upstream.requests_over(3);
    auto const found = std::ranges::find_if(all, [](auto const& one) {
        return one.value("user-agent") == "voicegate" && one.word("closed_by") == "peer"; // by the client
    });
    BOOST_REQUIRE((found != all.end()));
    auto const& opened = *found;
    BOOST_TEST(opened.target == target);
    BOOST_TEST(opened.value("authorization") == "Bearer " + std::string(simulator::api_key));
    BOOST_TEST(opened.count("x-forwarded-for") == 0U);
    BOOST_TEST(opened.count("sec-websocket-extensions") == 0U);
    BOOST_TEST(opened.value("sec-websocket-key") != handshake_key);
    BOOST_TEST(opened.text().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(speech_comes_over_it)
{
    upstream.clear();
    auto gateway_of_tokens = in_front(R"({"websockets": 1})", R"(, "credential": "access_token")");
    auto const own = gateway_of_tokens.mint("tts");
    for (auto i = 0; i < 3; ++i) {
        auto one = open_websocket(gateway_of_tokens.port(), target, {cookie(own)});
        auto message = speech();
        message.insert(1, R"("context_id":"c1",)");
        one.send(text_frame(message));
        std::string all;
        while (all.find("\"type\":\"done\"") == std::string::npos)
            all += read_frame(one).payload;
        BOOST_TEST(all.find("\"type\":\"chunk\"") != std::string::npos);
        if (i > 0) await_held(gateway_of_tokens, 1);
    }
    BOOST_TEST(gateway_of_tokens.metric("voicegate_upstream_websockets_handed_over_total") == 1U);
}

BOOST_AUTO_TEST_CASE(the_next_one_is_opened_as_soon_as_it_is_taken)
{
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(is_handed_over(query, {cookie(token)}));
}

BOOST_AUTO_TEST_CASE(only_what_would_be_sent_upstream_alike_gets_it)
{
    BOOST_TEST(!is_handed_over("?cartesia_version=2025-04-16", {cookie(token)}));
    BOOST_TEST(!is_handed_over("", {cookie(token)}));
    BOOST_TEST(!is_handed_over(
        query,
        {
            cookie(token), {"Cartesia-Version", "2026-03-01"}
    }));
    BOOST_TEST(!is_handed_over(
        query,
        {
            cookie(token), {"Origin", "https://localhost"}
    }));
    BOOST_TEST(!is_handed_over(
        query,
        {
            cookie(token), {"X-Other", "1"}
    }));
    BOOST_TEST(is_handed_over(
        query,
        {
            cookie(token), {"Accept-Language", "de"       },
             {"Sec-Fetch-Mode",  "websocket"}
    }));
    // The token's place makes no difference: it never goes up.
    BOOST_TEST(is_handed_over(query, {bearer(token)}));
    BOOST_TEST(is_handed_over(std::string(query) + "&access_token=" + token, {}));
}

BOOST_AUTO_TEST_CASE(another_set_of_grants_is_another_credential)
{
    BOOST_TEST(!is_handed_over(query, {cookie(gate.mint("tts,stt"))}));
}

BOOST_AUTO_TEST_CASE(a_cartesia_token_travels_alone)
{
    auto const own = upstream.mint(R"({"tts": true})");
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(!is_handed_over(query, {bearer(own)}));
    BOOST_TEST(upstream.requests().back().value("authorization") == "Bearer " + own);
}

BOOST_AUTO_TEST_CASE(who_may_not_open_one_does_not_get_it)
{
    auto const over = gate.mint("tts");
    BOOST_TEST(ask(gate.port(), request("DELETE", "/session", {bearer(over)})).status == 204U);
    BOOST_TEST(ask(gate.port(), handshake(target, {cookie(over)})).status == 401U);
    BOOST_TEST(ask(gate.port(), handshake(target)).status == 401U);
    BOOST_TEST(ask(gate.port(), handshake(target, {cookie(gate.mint("stt"))})).status == 403U);
    BOOST_TEST(handed_over() == 0U);
    BOOST_TEST(upstream.state("open_websockets") == 1U);
}

BOOST_AUTO_TEST_CASE(one_that_the_upstream_closes_is_dropped_and_replaced)
{
    upstream.close_websockets(1001, "leaving");
    (void)upstream.requests_over(3);
    await("another one", [&] { return is_handed_over(query, {cookie(token)}); });
}

BOOST_AUTO_TEST_CASE(one_on_which_the_upstream_speaks_is_not_handed_over)
{
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_push", "count": 2, "bytes": 3}])");
    auto one = open_websocket(gate.port(), target, {cookie(token)}); // the one that was held: an echo
    one.send(text_frame("hello"));
    BOOST_TEST(read_frame(one).payload == "hello");
    (void)upstream.requests_over(3); // opened in its place, and dropped
    await_held(gate, 0);
    for (auto i = 0; i < 3; ++i) {
        auto other = open_websocket(gate.port(), target, {cookie(token)});
        BOOST_TEST(read_frame(other).payload == "aaa"); // nothing was swallowed
        BOOST_TEST(read_frame(other).payload == "bbb");
    }
    BOOST_TEST(handed_over() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_no_socket_and_the_client_hears_of_it_itself)
{
    auto one = open_websocket(gate.port(), target, {cookie(token)});
    upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "refuse_handshake", "status": 429}])");
    upstream.close_websockets(1001, "");
    (void)read_close(one);
    await_held(gate, 0);
    BOOST_TEST(ask(gate.port(), handshake(target, {cookie(token)})).status == 429U);
}

BOOST_AUTO_TEST_CASE(they_are_renewed_before_the_upstream_ends_them)
{
    auto hasty = in_front(R"({"websockets": 1, "websockets_idle_for": "1s"})");
    learn(hasty, hasty.mint("tts"));
    auto renewed = 0;
    for (auto const& seen : upstream.requests_over(6)) // two of clients by each gateway, two that nobody took
        if (seen.value("user-agent") == "voicegate" && (seen.complete || seen.aborted)) ++renewed;
    BOOST_TEST(renewed >= 2);
}

BOOST_AUTO_TEST_CASE(with_a_new_credential_new_ones_are_opened)
{
    auto renewing = in_front(R"({"websockets": 1})", R"(, "credential": "access_token")");
    auto const own = renewing.mint("tts");
    upstream.clear();
    learn(renewing, own);
    auto const speak = [&] {
        upstream.faults(
            R"([{"path": "/tts/bytes", "do": "status", "status": 401}, )" + std::string(echo.substr(1)));
        (void)ask(renewing.port(), request("POST", "/tts/bytes", {cookie(own)}, "{}"));
    };
    await("a second access token", [&] { // the first must be five seconds old before a 401 counts
        speak();
        return upstream.token_requests().size() >= 2;
    });
    await("another held socket", [&] {
        std::set<std::string> credentials;
        for (auto const& seen : upstream.requests())
            if (seen.method == "GET") credentials.insert(seen.value("authorization"));
        return credentials.size() == 2;
    });
}

BOOST_AUTO_TEST_CASE(draining_ends_them)
{
    gate.program().signal(SIGTERM);
    BOOST_TEST(gate.program().exit_status() == 0);
    upstream.await_state("open_websockets", 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(no_held_sockets, quiet_upstream)

BOOST_AUTO_TEST_CASE(none_is_held_by_default)
{
    upstream.faults(echo);
    auto gate = in_front("{}");
    auto const token = gate.mint("tts");
    for (auto i = 0; i < 4; ++i) {
        auto one = open_websocket(gate.port(), target, {cookie(token)});
        one.send(close_frame(1000));
        (void)read_close(one);
    }
    BOOST_TEST(upstream.requests_over(4).size() == 4U);
    BOOST_TEST(gate.metric("voicegate_upstream_websockets_handed_over_total") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
