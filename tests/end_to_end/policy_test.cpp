// Every row of the policy table with every set of grants, through the real gateway.
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <ostream>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

struct row {
    std::string_view method;
    std::string_view target;
    bool websocket;
    std::string_view grant;
};

std::ostream& operator<<(std::ostream& out, row const& r)
{
    return out << r.method << (r.websocket ? " (upgrade) " : " ") << r.target;
}

constexpr std::array rows{
    row{"POST", "/tts/bytes",                                                            false, "tts"  },
    row{"POST", "/tts/sse",                                                              false, "tts"  },
    row{"POST", "/tts/another-one",                                                      false, "tts"  },
    row{"GET",  "/tts/websocket",                                                        true,  "tts"  },
    row{"POST", "/stt",                                                                  false, "stt"  },
    row{"POST", "/stt/another_one",                                                      false, "stt"  },
    row{"POST", "/audio/transcriptions",                                                 false, "stt"  },
    row{"GET",  "/stt/websocket?model=ink-2&encoding=pcm_s16le&sample_rate=16000",       true,  "stt"  },
    row{"GET",  "/stt/turns/websocket?model=ink-2&encoding=pcm_s16le&sample_rate=16000", true,  "stt"  },
    row{"GET",  "/agents/stream/agent_1",                                                true,  "agent"},
    row{"GET",  "/v1/agents/websocket/agent-1",                                          true,  "agent"},
};

constexpr std::array grant_sets{
    "", "tts", "stt", "agent", "tts,stt", "tts,agent", "stt,agent", "tts,stt,agent"};

std::string const& token_for(gateway const& gate, std::string const& grants)
{
    static std::map<std::string, std::string> minted;
    auto& one = minted[grants];
    if (one.empty()) one = gate.mint(grants);
    return one;
}

constexpr std::string_view http_paths_answer = R"([
    {"path": "/tts/*", "times": -1, "do": "status", "status": 200, "body": "spoken"},
    {"path": "/stt*", "times": -1, "do": "status", "status": 200, "body": "heard"},
    {"path": "/audio/*", "times": -1, "do": "status", "status": 200, "body": "heard"}])";

} // namespace

BOOST_AUTO_TEST_SUITE(policy_table)

BOOST_DATA_TEST_CASE_F(
    scene, a_row_opens_with_its_grant_and_with_no_other, data::make(grant_sets) * data::make(rows), grants, r)
{
    if (!r.websocket) upstream.faults(http_paths_answer); // sockets are judged by the simulator too
    auto const may = std::string_view(grants).find(r.grant) != std::string_view::npos;
    auto const& own = token_for(gate, grants);
    client one(gate.port());
    one.send(
        r.websocket ? handshake(r.target, {cookie(own)}) : request(r.method, r.target, {cookie(own)}, "{}"));
    auto const got = read_head(one);
    if (may) {
        BOOST_TEST(got.status == (r.websocket ? 101U : 200U));
        one.close();
        auto const seen = upstream.requests_over(1);
        BOOST_TEST(seen.front().target == r.target);
        BOOST_TEST(seen.front().method == r.method);
    } else {
        BOOST_TEST(got.status == 403U);
        BOOST_TEST(got.value("www-authenticate").find("error=\"insufficient_scope\"") != std::string::npos);
        BOOST_TEST(
            got.value("www-authenticate").find("scope=\"" + std::string(r.grant) + "\"") !=
            std::string::npos);
        BOOST_TEST(upstream.requests().empty());
    }
}

BOOST_DATA_TEST_CASE_F(scene, without_a_token_every_row_is_401, data::make(rows), r)
{
    auto const text = r.websocket ? handshake(r.target) : request(r.method, r.target, {}, "{}");
    auto const got = ask(gate.port(), text);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.value("www-authenticate").starts_with("Bearer"));
    BOOST_TEST(
        got.value("www-authenticate").find("error=") == std::string::npos); // RFC 6750 §3.1: nothing was sent
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE_F(scene, the_other_transport_is_refused, data::make(rows), r)
{
    auto const text =
        r.websocket ? request("GET", r.target, {cookie(token)}) : handshake(r.target, {cookie(token)});
    auto const got = ask(gate.port(), text);
    if (r.websocket) {
        BOOST_TEST(got.status == 426U);
        BOOST_TEST(got.value("upgrade") == "websocket");
    } else {
        BOOST_TEST((got.status == 400U || got.status == 405U));
    }
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE_F(
    scene,
    another_method_is_405_and_allow_names_the_right_one,
    data::make({"PUT", "DELETE", "PATCH", "GET", "HEAD"}) *
        data::make({"/tts/bytes", "/tts/x", "/stt", "/stt/x", "/audio/transcriptions"}),
    method,
    target)
{
    auto const got = ask(gate.port(), request(method, target, {cookie(token)}));
    BOOST_TEST(got.status == 405U);
    BOOST_TEST(got.value("allow").find("POST") != std::string::npos);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE_F(
    scene,
    what_no_row_names_is_404,
    data::make(
        {"/",
         "/voices",
         "/agents",
         "/agents/stream",
         "/agents/stream/a/b",
         "/v1/agents/websocket/a/sessions",
         "/agents/a",
         "/tts",
         "/ttsx",
         "/tts/bytes/x",
         "/stt/a/b",
         "/audio",
         "/usage/credits",
         "/api-keys",
         "/metrics",
         "/healthz",
         "/requests"}),
    target)
{
    for (auto const* method : {"GET", "POST"}) {
        auto const got = ask(gate.port(), request(method, target, {cookie(token)}));
        BOOST_TEST(got.status == 404U);
    }
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE_F(
    scene,
    a_target_that_is_not_canonical_is_400,
    data::make(
        {"/tts//bytes",
         "/tts/./bytes",
         "/tts/../tts/bytes",
         "/tts/%62ytes",
         "/tts%2fbytes",
         "/tts/bytes;x=1",
         "/tts\\bytes",
         "/tts/bytes/",
         "/tts/bytes#f",
         "//tts/bytes",
         "/tts/bytes%00",
         "https://evil.test/tts/bytes"}),
    target)
{
    auto const got = ask(gate.port(), request("POST", target, {cookie(token)}, "{}"));
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(!got.has("location"));
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_configured_row_opens_its_path_and_no_more)
{
    scene const s;
    auto extra =
        s.at.another(R"({"routes": [{"path": "/voices/{id}", "methods": ["GET"], "grant": "tts"}]})");
    s.upstream.faults(R"([{"path": "/voices/*", "times": -1, "do": "status", "status": 200, "body": "[]"}])");
    auto const own = extra.mint("tts");
    BOOST_TEST(ask(extra.port(), request("GET", "/voices/v1", {cookie(own)})).status == 200U);
    BOOST_TEST(ask(extra.port(), request("GET", "/voices", {cookie(own)})).status == 404U);
    BOOST_TEST(ask(extra.port(), request("DELETE", "/voices/v1", {cookie(own)})).status == 405U);
    BOOST_TEST(ask(extra.port(), request("GET", "/voices/v1", {cookie(extra.mint("stt"))})).status == 403U);
    BOOST_TEST(s.upstream.requests().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
