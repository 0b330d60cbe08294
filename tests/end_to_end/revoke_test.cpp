// What an operator revokes on the admin listener: refused from then on, and what it opened ends.
#include "tests/end_to_end/support/crowd.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>

using namespace e2e;
namespace json = boost::json;

namespace {

constexpr std::string_view echo = R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";
constexpr std::string_view target = "/tts/websocket?cartesia_version=2026-03-01";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t subjects = 100;
#else
constexpr std::size_t subjects = 1'000;
#endif

struct revoking_scene : scene {
    [[nodiscard]] answer speak(std::string_view with) const
    {
        return ask(gate.port(), request("POST", "/tts/bytes", {cookie(with)}, speech("Hi.")));
    }
    [[nodiscard]] std::string token_of(std::string_view subject) const
    {
        return gate.mint("tts", seconds{600}, subject);
    }
    /// The `token_id` in the access log of what `subject` asked for first.
    [[nodiscard]] std::string token_id_of(std::string_view subject) const
    {
        auto const log = gate.await_log("\"subject\":\"" + std::string(subject) + "\",\"token_id\":");
        auto const line = log.substr(log.find("\"subject\":\"" + std::string(subject) + "\",\"token_id\":"));
        auto const begin = line.find("\"token_id\":\"") + 12;
        return line.substr(begin, line.find('"', begin) - begin);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(revoking, revoking_scene)

BOOST_AUTO_TEST_CASE(a_subject_is_signed_out_everywhere_and_may_sign_in_anew)
{
    auto const before = token_of("revoked-ann");
    auto const bob = token_of("revoked-bob");
    BOOST_TEST(speak(before).status == 200U);
    auto const got = gate.revoke(R"({"sub":"revoked-ann","reason":"stolen phone"})");
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(json::parse(got.body).at("until").as_int64() > std::time(nullptr) + 3600);
    for (auto i = 0; i < 8; ++i) { // on both workers
        auto const refused = speak(before);
        BOOST_TEST(refused.status == 401U);
        BOOST_TEST(refused.body.find("token_revoked") != std::string::npos);
    }
    BOOST_TEST(speak(bob).status == 200U);
    await("a token of another second", [&] { return speak(token_of("revoked-ann")).status == 200U; });
    BOOST_TEST(speak(before).status == 401U);
    auto const log = gate.await_log("stolen phone");
    BOOST_TEST(
        log.find(R"("revoked_by":"sub","subject":"revoked-ann","revoked_until":)") != std::string::npos);
    auto const metrics = gate.admin("/metrics").body;
    BOOST_TEST(metrics.find("voicegate_revocations_total{by=\"sub\"} ") != std::string::npos);
    BOOST_TEST(metrics.find("voicegate_revocations_in_force 0\n") == std::string::npos);
    BOOST_TEST(metrics.find("revoked-ann") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_blocked_subject_stays_out)
{
    BOOST_TEST(gate.revoke(R"({"sub":"blocked-ann","block":true})").status == 200U);
    BOOST_TEST(gate.revoke(R"({"sub":"blocked-not"})").status == 200U);
    await("a token of another second", [&] { return speak(token_of("blocked-not")).status == 200U; });
    BOOST_TEST(speak(token_of("blocked-ann")).status == 401U);
}

BOOST_AUTO_TEST_CASE(a_token_is_revoked_by_its_id_alone)
{
    auto const first = token_of("twice");
    BOOST_TEST(speak(first).status == 200U);
    auto const second = token_of("twice");
    auto const id = token_id_of("twice");
    BOOST_TEST(gate.revoke(R"({"jti":")" + id + "\"}").status == 200U);
    BOOST_TEST(speak(first).status == 401U);
    BOOST_TEST(speak(second).status == 200U);
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_changes_nothing)
{
    auto const mine = token_of("still-here");
    for (auto const* body :
         {"", "{}", R"({"sub":"still-here","until":1})", R"({"sub":"still-here","jti":"x"})"}) {
        auto const got = gate.revoke(body);
        BOOST_TEST(got.status == 400U);
        BOOST_TEST(got.body.size() > 10U);
    }
    BOOST_TEST(speak(mine).status == 200U);
}

BOOST_AUTO_TEST_CASE(what_is_being_answered_ends)
{
    upstream.faults(R"([
        {"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1},
        {"path": "/tts/sse", "do": "hold_after_chunks", "chunks": 1}
    ])");
    auto const mine = token_of("listener");
    client bytes(gate.port());
    bytes.send(request("POST", "/tts/bytes", {cookie(mine)}, speech()));
    auto body = read_head(bytes);
    client events(gate.port());
    events.send(request(
        "POST",
        "/tts/sse",
        {
            cookie(mine), {"Cartesia-Version", "2026-03-01"}
    },
        speech()));
    auto stream = read_head(events);
    upstream.await_state("held", 2);
    BOOST_TEST(gate.revoke(R"({"sub":"listener"})").status == 200U);
    while (read_more(bytes, body)) {
    }
    BOOST_TEST(!body.whole);
    while (read_more(events, stream)) {
    }
    BOOST_TEST(stream.whole);
    BOOST_TEST(stream.body.find("event: error") != std::string::npos);
    BOOST_TEST(stream.body.find("token_revoked") != std::string::npos);
    BOOST_TEST(gate.await_log(R"("reason":"revoked")").find("/tts/sse") != std::string::npos);
    auto const ended = R"(voicegate_answers_ended_total{by="gateway",reason="revoked"} 2)";
    await(
        "both in the metrics", [&] { return gate.admin("/metrics").body.find(ended) != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(one_subject_of_many_loses_its_socket_and_no_other)
{
    upstream.faults(echo);
    auto sockets = open_many(gate, target, mint_many(gate, subjects, "one-of-many-"));
    constexpr auto whose = subjects / 2;
    BOOST_TEST(gate.revoke(R"({"sub":"one-of-many-)" + std::to_string(whose) + "\"}").status == 200U);
    expect_end(sockets[whose], "token_revoked");
    for (std::size_t i = 0; i < sockets.size(); ++i)
        if (i != whose) sockets[i].send(text_frame("still here " + std::to_string(i)));
    for (std::size_t i = 0; i < sockets.size(); ++i)
        if (i != whose)
            BOOST_TEST_REQUIRE(read_frame(sockets[i]).payload == "still here " + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(a_subject_with_many_sockets_loses_all_of_them)
{
    upstream.faults(echo);
    auto sockets = open_many(gate, target, std::vector<std::string>(100, token_of("hundredfold")));
    auto others = open_many(gate, target, {token_of("onlooker")});
    BOOST_TEST(gate.revoke(R"({"sub":"hundredfold"})").status == 200U);
    for (auto& one : sockets)
        expect_end(one, "token_revoked");
    others.front().send(text_frame("still here"));
    BOOST_TEST(read_frame(others.front()).payload == "still here");
}

BOOST_AUTO_TEST_CASE(signing_out_ends_what_a_token_of_cartesias_opened)
{
    auto const own = upstream.mint(R"({"tts":true})");
    upstream.faults(echo);
    auto one = open_websocket(gate.port(), target, {cookie(own)});
    BOOST_TEST(ask(gate.port(), request("DELETE", "/session", {cookie(own)})).status == 204U);
    expect_end(one, "token_revoked");
}

BOOST_AUTO_TEST_SUITE_END()
