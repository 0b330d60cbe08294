// What a refusal looks like: its body for each Cartesia-Version, its headers, and the connection afterwards.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

field version(std::string_view date) { return {"Cartesia-Version", std::string(date)}; }

void is_problem(answer const& got)
{
    BOOST_TEST(got.value("content-type") == "application/problem+json");
    auto const body = json::parse(got.body).as_object();
    BOOST_TEST(body.contains("error_code"));
    BOOST_TEST(!body.at("title").as_string().empty());
    BOOST_TEST(!body.at("message").as_string().empty());
    BOOST_TEST(std::string(body.at("request_id").as_string()) == got.value("x-request-id"));
    auto const& nested = body.at("error").as_object();
    BOOST_TEST(nested.at("message").as_string() == body.at("message").as_string());
    BOOST_TEST(body.at("status").to_number<unsigned>() == got.status);
}

void is_text(answer const& got)
{
    BOOST_TEST(got.value("content-type").starts_with("text/plain"));
    BOOST_TEST(got.body.find(": ") != std::string::npos);
    BOOST_TEST(got.body.find('{') == std::string::npos);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(refusals, scene)

BOOST_DATA_TEST_CASE(
    new_versions_get_a_problem_document, data::make({"2026-03-01", "2026-08-14", "2027-01-01"}), date)
{
    is_problem(ask(gate.port(), request("POST", "/tts/bytes", {version(date)})));
    is_problem(ask(gate.port(), request("POST", "/nowhere", {version(date)})));
}

BOOST_DATA_TEST_CASE(
    old_and_invalid_versions_get_plain_text,
    data::make({"2024-06-10", "2025-11-04", "2026-02-28", "sonic", "2026-3-1"}),
    date)
{
    is_text(ask(gate.port(), request("POST", "/tts/bytes", {version(date)})));
}

BOOST_AUTO_TEST_CASE(without_a_version_the_body_is_what_the_openai_sdk_can_show)
{
    is_problem(ask(gate.port(), request("POST", "/audio/transcriptions")));
}

BOOST_AUTO_TEST_CASE(the_version_in_the_query_beats_the_header)
{
    auto const got =
        ask(gate.port(), handshake("/tts/websocket?cartesia_version=2025-04-16", {version("2026-08-14")}));
    BOOST_TEST(got.status == 401U);
    is_text(got);
}

BOOST_AUTO_TEST_CASE(refusals_are_not_stored_and_speak_of_https)
{
    auto const got = ask(gate.port(), request("POST", "/tts/bytes"));
    BOOST_TEST(got.value("cache-control") == "no-store");
    BOOST_TEST(got.value("strict-transport-security").starts_with("max-age="));
    BOOST_TEST(!got.value("x-request-id").empty());
    BOOST_TEST(!got.has("set-cookie"));
}

BOOST_AUTO_TEST_CASE(a_bad_token_is_invalid_token)
{
    auto forged = token;
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {bearer(forged)}, "{}"));
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.value("www-authenticate").find("error=\"invalid_token\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_401)
{
    auto const short_lived = gate.mint("tts", seconds{1});
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    answer got;
    await("the end of a token of one second", [&] {
        got = ask(gate.port(), request("POST", "/tts/bytes", {bearer(short_lived)}, "{}"));
        return got.status != 200;
    });
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.body.find("expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_connection_is_kept_after_a_refusal_whose_body_is_known)
{
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    client one(gate.port());
    for (auto const& [text, status] : {
             std::pair{request("POST", "/tts/bytes",       {},               "{}"), 401U},
             std::pair{request("GET",  "/tts/bytes",       {cookie(token)}), 405U },
             std::pair{request("POST",    "/nowhere",    {cookie(token)},     "{\"a\":1}"),  404U    },
             std::pair{
                       request(
                     "POST",  "/tts/bytes",
                       {{"Transfer-Encoding", "chunked"}},
                       chunk("{}") + std::string(last_chunk)),
                       401U},
             std::pair{request("POST",  "/tts/bytes",    {cookie(token)},            "{}"),  200U                                                           },
    }) {
        one.send(text);
        BOOST_TEST(read_answer(one).status == status);
    }
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_wait_for_the_body_and_closes)
{
    client one(gate.port());
    one.send(request(
        "POST",
        "/tts/bytes",
        {
            {"Content-Length", "1000000"}
    }));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.value("connection") == "close");
    one.receive_to_end();
    BOOST_TEST((one.how_ended() == ending::clean));
}

BOOST_AUTO_TEST_CASE(with_expect_the_refusal_comes_instead_of_100)
{
    client one(gate.port());
    one.send(request(
        "POST",
        "/tts/bytes",
        {
            {"Expect",         "100-continue"},
            {"Content-Length", "1000000"     }
    }));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.informational.empty());
}

BOOST_AUTO_TEST_CASE(the_answer_to_head_has_no_body)
{
    client one(gate.port());
    one.send(request("HEAD", "/nowhere") + request("GET", "/nowhere"));
    BOOST_TEST(read_answer(one, true).status == 404U);
    BOOST_TEST(read_answer(one).status == 404U); // so nothing stood between
}

BOOST_AUTO_TEST_CASE(an_answer_is_never_a_redirect)
{
    for (auto const* target :
         {"/", "/login", "/tts", "/voices/", "//evil.test/", "/session/", "/tts/bytes/"}) {
        auto const got = ask(gate.port(), request("GET", target));
        BOOST_TEST((got.status < 300 || got.status >= 400));
        BOOST_TEST(!got.has("location"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
