#include "tests/gateway/upstream/keeper_world.hpp"

#include <boost/test/data/test_case.hpp>

#include <array>
#include <ostream>
#include <thread>

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using test::http_answer;
using test::keeper_world;
using test::seen_request;

BOOST_FIXTURE_TEST_SUITE(credential_keeper, keeper_world)

BOOST_AUTO_TEST_CASE(many_who_want_cause_one_request)
{
    start();
    {
        auto threads = std::vector<std::jthread>();
        auto const want_some = [this] {
            for (int i = 0; i < 10; ++i)
                keeper->want(tts);
        };
        for (int i = 0; i < 4; ++i)
            threads.emplace_back(want_some);
        BOOST_TEST(run_until([&] { return !bearer().empty(); }));
    }
    io.poll();
    BOOST_TEST(bearer() == "token-1");
    BOOST_TEST(server.requests.size() == 1U);
    BOOST_TEST(attempts_good == 1U);
    BOOST_TEST(history.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_request_is_as_the_contract_says)
{
    config.access_token_lifetime = 120s;
    config.api_version = "2026-03-01";
    start();
    keeper->want({policy::grant::tts, policy::grant::agent});
    BOOST_TEST(run_until([&] { return attempts_good == 1; }));
    BOOST_REQUIRE(server.requests.size() == 1U);
    auto& [method, target, fields, body] = server.requests[0];
    BOOST_TEST(method == "POST");
    BOOST_TEST(target == "/access-token");
    BOOST_TEST(fields["host"] == "localhost");
    BOOST_TEST(fields["authorization"] == std::string("Bearer ") + api_key);
    BOOST_TEST(fields["cartesia-version"] == "2026-03-01");
    BOOST_TEST(fields["content-type"] == "application/json");
    BOOST_TEST(!fields.contains("x-api-key"));
    BOOST_TEST(body == R"({"grants":{"tts":true,"agent":true},"expires_in":120})");
}

BOOST_AUTO_TEST_CASE(each_set_of_grants_has_its_own_token)
{
    auto const both = policy::grant_set{policy::grant::tts, policy::grant::stt};
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return !bearer().empty(); }));
    keeper->want(both);
    BOOST_TEST(run_until([&] { return !bearer(both).empty(); }));
    BOOST_TEST(bearer() == "token-1");
    BOOST_TEST(bearer(both) == "token-2");
    BOOST_TEST((entry({policy::grant::stt}).bearer == nullptr));
}

BOOST_AUTO_TEST_CASE(no_grants_need_no_token)
{
    start();
    keeper->want({});
    io.poll();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return attempts_good == 1; }));
    BOOST_TEST(server.requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_in_use_is_renewed_before_it_ends)
{
    config.access_token_lifetime = 60s;
    options.timing.at = 0.001;
    options.timing.jitter = 0;
    start();
    auto const in_use = [&] {
        keeper->want(tts);
        return bearer() == "token-3";
    };
    BOOST_TEST(run_until(in_use));
    for (auto const& published : history)
        BOOST_TEST((published.by_grants[tts.index()].bearer != nullptr));
}

BOOST_AUTO_TEST_CASE(a_token_that_nobody_uses_is_dropped_and_minted_again_when_wanted)
{
    config.access_token_lifetime = 1s;
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-1"; }));
    BOOST_TEST(run_until([&] { return bearer().empty(); }));
    BOOST_TEST(!entry().failed);
    BOOST_TEST(server.requests.size() == 1U);
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-2"; }));
}

BOOST_AUTO_TEST_CASE(failures_are_tried_again_while_somebody_wants_the_token)
{
    server.answer = [this](seen_request const&) {
        return server.requests.size() < 4 ? http_answer(500, "canary") : token_answer();
    };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return entry().failed; }));
    auto const in_use = [&] {
        keeper->want(tts);
        return !bearer().empty();
    };
    BOOST_TEST(run_until(in_use));
    BOOST_TEST(bearer() == "token-4");
    BOOST_TEST(!entry().failed);
    BOOST_TEST(attempts_bad == 3U);
    BOOST_REQUIRE(lines.size() == 1U); // at most one in 10 s
    BOOST_TEST(lines[0] == "cannot mint an upstream access token: the upstream answered 500");
}

BOOST_AUTO_TEST_CASE(a_failure_is_forgotten_when_nobody_wants_the_token_any_more)
{
    server.answer = [](seen_request const&) { return http_answer(503, ""); };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return entry().failed; }));
    BOOST_TEST(run_until([&] { return !entry().failed; }));
    BOOST_TEST(server.requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_lives_on_while_renewal_fails_until_its_end)
{
    config.access_token_lifetime = 1s;
    options.timing.at = 0.1;
    bool broken = false;
    server.answer = [&](seen_request const&) { return broken ? http_answer(500, "") : token_answer(); };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-1"; }));
    broken = true;
    auto const still_failing = [&] {
        keeper->want(tts);
        return attempts_bad == 3;
    };
    BOOST_TEST(run_until(still_failing));
    BOOST_TEST(bearer() == "token-1");
    BOOST_TEST(!entry().failed);
    auto const ended = [&] {
        keeper->want(tts);
        return bearer().empty();
    };
    BOOST_TEST(run_until(ended));
    BOOST_TEST(entry().failed);
    broken = false;
    auto const back = [&] {
        keeper->want(tts);
        return !bearer().empty();
    };
    BOOST_TEST(run_until(back));
    BOOST_TEST(!entry().failed);
}

BOOST_AUTO_TEST_CASE(another_name_than_the_certificate_s_gets_no_byte)
{
    config.server_name = "api.cartesia.ai";
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return entry().failed && server.handshakes_failed == 1; }));
    BOOST_TEST(server.client_bytes == 0U);
    BOOST_TEST(server.requests.empty());
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_not_trusted_gets_no_byte)
{
    auto const others = test::certificates();
    config.ca_file = others.directory / "ca.pem";
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return entry().failed && server.handshakes_failed == 1; }));
    BOOST_TEST(server.client_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_of_authorities_that_does_not_load_is_an_error_at_once)
{
    config.ca_file = files.directory / "nowhere.pem";
    BOOST_CHECK_THROW(start(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_keeps_silent_is_given_up)
{
    options.timing.deadline = 100ms;
    server.answer = [](seen_request const&) { return std::string(); };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return entry().failed; }));
    BOOST_TEST(server.requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(stopping_ends_what_is_under_way)
{
    server.answer = [](seen_request const&) { return std::string(); };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return server.requests.size() == 1; }));
    keeper->stop();
    server.close();
    auto const begun = std::chrono::steady_clock::now();
    io.run_for(10s);
    BOOST_TEST(io.stopped());
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 4s)); // its deadline would be 10 s
    BOOST_TEST(history.empty());
}

BOOST_AUTO_TEST_CASE(an_address_that_refuses_is_followed_by_the_next)
{
    auto closed = boost::asio::ip::tcp::acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
    auto both = std::make_shared<gateway::upstream::addresses>();
    both->push_back(closed.local_endpoint());
    both->push_back(server.where());
    closed.close();
    where.publish(both);
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-1"; }));
    BOOST_TEST(attempts_bad == 0U);
}

BOOST_AUTO_TEST_CASE(the_first_request_waits_for_the_first_look_up)
{
    where.publish(std::make_shared<gateway::upstream::addresses>());
    start();
    keeper->want(tts);
    io.poll();
    where.publish(std::make_shared<gateway::upstream::addresses>(1, server.where()));
    BOOST_TEST(run_until([&] { return bearer() == "token-1"; }));
    BOOST_TEST(attempts_bad == 0U);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_replaced)
{
    options.timing.rejected_most_every = 0ms;
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-1"; }));
    for (int i = 0; i < 10; ++i)
        keeper->rejected(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-2"; }));
    io.poll();
    BOOST_TEST(server.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_young_token_is_not_given_up)
{
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return bearer() == "token-1"; }));
    keeper->rejected(tts);
    auto const stt = policy::grant_set{policy::grant::stt};
    keeper->want(stt);
    BOOST_TEST(run_until([&] { return !bearer(stt).empty(); }));
    BOOST_TEST(bearer() == "token-1");
    BOOST_TEST(server.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(with_api_key_the_key_serves_every_set)
{
    config.credential = gateway::credential_kind::api_key;
    start();
    for (auto const& each : out.latest()->by_grants)
        BOOST_TEST(each.bearer->reveal() == api_key);
    keeper->want(tts);
    keeper->rejected(tts);
    BOOST_TEST(run_until([&] { return history.size() == 1; }));
    io.poll();
    BOOST_TEST(server.requests.empty());
}

namespace {

struct bad_answer {
    std::string_view name;
    std::string text;
};

std::ostream& operator<<(std::ostream& out, bad_answer const& c) { return out << c.name; }

std::string with_token(std::string const& token) { return http_answer(200, R"({"token":")" + token + "\"}"); }

bad_answer bad(std::string_view name, std::string text) { return {name, std::move(text)}; }

std::array const bad_answers{
    bad("unauthorized", http_answer(401, R"({"token":"canary"})")),
    bad("created", http_answer(201, R"({"token":"canary"})")),
    bad("redirect", "HTTP/1.1 302 X\r\nLocation: https://localhost/canary\r\nContent-Length: 0\r\n\r\n"),
    bad("no JSON", http_answer(200, "canary")),
    bad("no object", http_answer(200, R"(["canary"])")),
    bad("no token", http_answer(200, R"({"canary":1})")),
    bad("a number", http_answer(200, R"({"token":1})")),
    bad("empty token", with_token("")),
    bad("only padding", with_token("==")),
    bad("line end in the token", with_token(R"(canary\r\nX: y)")),
    bad("space in the token", with_token("canary canary")),
    bad("letters after padding", with_token("canary=x")),
    bad("not ASCII", with_token("canary\xc3\xa9")),
    bad("token too long", with_token(std::string(4097, 'a'))),
    bad("body too large", http_answer(200, R"({"token":"canary"})" + std::string(70'000, ' '))),
    bad("no HTTP", "canary\r\n\r\n"),
    bad("cut short", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"token\":\"canary\"}"),
    bad("head too large", "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"),
};

} // namespace

BOOST_DATA_TEST_CASE(an_answer_of_another_kind_is_a_failure_that_tells_nothing, data::make(bad_answers), bad)
{
    server.answer = [&](seen_request const&) { return bad.text; };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return entry().failed; }));
    BOOST_TEST((entry().bearer == nullptr));
    BOOST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(lines[0].find("canary") == std::string::npos, lines[0]);
}

BOOST_AUTO_TEST_CASE(a_token_as_long_as_may_be_is_taken)
{
    auto const longest = std::string(4094, 'a') + "==";
    server.answer = [&](seen_request const&) { return with_token(longest); };
    start();
    keeper->want(tts);
    BOOST_TEST(run_until([&] { return !bearer().empty(); }));
    BOOST_TEST(bearer() == longest);
}

BOOST_AUTO_TEST_SUITE_END()
