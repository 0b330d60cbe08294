// The gateway's own endpoints: minting for the app's server, the session cookie, its end.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>

using namespace e2e;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

field server_key() { return bearer(gateway::server_key); }

struct answering_scene : scene {
    answering_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }

    [[nodiscard]] answer mint(std::string_view body, fields const& more = {server_key()}) const
    {
        return ask(gate.port(), request("POST", "/access-token", more, body));
    }
    [[nodiscard]] unsigned speak_with(field const& credential) const
    {
        return ask(gate.port(), request("POST", "/tts/bytes", {credential}, "{}")).status;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(minting, answering_scene)

BOOST_AUTO_TEST_CASE(the_shape_is_cartesias_with_the_expiry_beside)
{
    auto const before = std::time(nullptr);
    auto const got = mint(R"({"grants":{"tts":true,"stt":false},"expires_in":120})");
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.value("content-type") == "application/json");
    BOOST_TEST(got.value("cache-control") == "no-store");
    auto const body = json::parse(got.body).as_object();
    auto const made = std::string(body.at("token").as_string());
    auto const expires_at = body.at("expires_at").as_int64();
    BOOST_TEST((expires_at >= before + 119 && expires_at <= before + 125));
    BOOST_TEST(made.size() < 512U);
    BOOST_TEST(speak_with(bearer(made)) == 200U);
    BOOST_TEST(speak_with(cookie(made)) == 200U);
}

BOOST_AUTO_TEST_CASE(the_server_key_may_stand_in_either_place)
{
    BOOST_TEST(
        mint(
            "{}",
            {
                {"X-API-Key", std::string(gateway::server_key)}
    })
            .status == 200U);
    BOOST_TEST(mint("{}", {server_key()}).status == 200U);
}

BOOST_AUTO_TEST_CASE(only_a_server_key_mints)
{
    BOOST_TEST(mint("{}", {}).status == 401U);
    BOOST_TEST(mint("{}", {bearer("vgk_wrong")}).status == 401U);
    BOOST_TEST(mint("{}", {bearer(token)}).status == 401U); // tokens cannot create tokens
    BOOST_TEST(mint("{}", {cookie(token)}).status == 401U);
    BOOST_TEST(mint("{}", {bearer(simulator::api_key)}).status == 401U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE(
    what_is_not_understood_is_400,
    data::make(
        {"[]",
         "{",
         "tts",
         R"({"grants":[]})",
         R"({"grants":{"tts":1}})",
         R"({"expires_in":0})",
         R"({"expires_in":3601})",
         R"({"expires_in":"60"})",
         R"({"expires_in":1.5})",
         R"({"subject":7})",
         R"({"grants":{},"grants":{"tts":true}})"}),
    body)
{
    BOOST_TEST(mint(body).status == 400U);
}

BOOST_AUTO_TEST_CASE(a_token_without_grants_opens_nothing)
{
    auto const made = gate.mint("");
    BOOST_TEST(speak_with(bearer(made)) == 403U);
}

BOOST_AUTO_TEST_CASE(a_key_gives_away_no_more_than_it_has)
{
    auto const key = std::string("vgk_only_tts");
    auto narrow = at.another(
        R"({"tokens": {"server_keys": [{"name": "narrow", "sha256": ")" + sha256_hex(key) +
        R"(", "grants": ["tts"]}]}})");
    auto const ask_for = [&](std::string_view body) {
        return ask(narrow.port(), request("POST", "/access-token", {bearer(key)}, body)).status;
    };
    BOOST_TEST(ask_for(R"({"grants":{"tts":true}})") == 200U);
    BOOST_TEST(ask_for(R"({"grants":{"tts":true,"stt":true}})") == 403U);
}

BOOST_AUTO_TEST_CASE(other_methods_are_405)
{
    auto const got = ask(gate.port(), request("GET", "/access-token", {server_key()}));
    BOOST_TEST(got.status == 405U);
    BOOST_TEST(got.value("allow").find("POST") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_key_stays_below_its_ceilings)
{
    auto const partner = at.another(
        R"({"tokens":{"server_keys":[{"name":"partner","lifetime_max":"1m","subject_prefix":"p7:","sha256":")" +
        sha256_hex("vgk_partner") + "\"}]}}");
    auto const told = [&](std::string_view body) {
        auto const got = ask(partner.port(), request("POST", "/access-token", {bearer("vgk_partner")}, body));
        auto const said = json::parse(got.body).as_object();
        auto const* const code = said.if_contains("error_code");
        return std::to_string(got.status) + (code ? " " + std::string(code->as_string()) : "");
    };
    BOOST_TEST(told(R"({"subject":"p7:ann","expires_in":60})") == "200");
    BOOST_TEST(told(R"({"subject":"p7:ann","expires_in":61})") == "403 lifetime_not_yours");
    BOOST_TEST(told(R"({"subject":"p8:ann"})") == "403 subject_not_yours");
    BOOST_TEST(told("{}") == "403 subject_not_yours");
}

BOOST_AUTO_TEST_CASE(a_body_larger_than_the_limit_is_413_and_the_connection_closes)
{
    client one(gate.port());
    one.send(request("POST", "/access-token", {server_key()}, std::string(20'000, ' ')));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 413U);
    BOOST_TEST(got.value("connection") == "close");
}

BOOST_AUTO_TEST_CASE(a_body_in_pieces_and_chunks_is_read_whole)
{
    client one(gate.port());
    one.send(
        request(
            "POST",
            "/access-token",
            {
                server_key(), {"Transfer-Encoding", "chunked"}
    }) +
        chunk(R"({"grants":)"));
    one.send(chunk(R"({"tts":true}})"));
    one.send(last_chunk);
    BOOST_TEST(read_answer(one).status == 200U);
    one.send(request("GET", "/session", {cookie(token)}));
    BOOST_TEST(read_answer(one).status == 200U);
}

BOOST_AUTO_TEST_CASE(expect_100_is_answered_here)
{
    client one(gate.port());
    one.send(request(
        "POST",
        "/access-token",
        {
            server_key(), {"Expect",         "100-continue"},
             {"Content-Length", "2"           }
    }));
    while (one.inbox.find("\r\n\r\n") == std::string::npos)
        BOOST_REQUIRE(one.receive());
    BOOST_TEST(one.inbox.starts_with("HTTP/1.1 100 "));
    one.send("{}");
    BOOST_TEST(read_answer(one).status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sessions, answering_scene)

BOOST_AUTO_TEST_CASE(post_session_sets_a_cookie_that_scripts_cannot_read)
{
    auto const made = gate.mint("tts", seconds{300});
    auto const got = ask(gate.port(), request("POST", "/session", {bearer(made)}));
    BOOST_TEST(got.status == 204U);
    auto const set = got.value("set-cookie");
    BOOST_TEST(set.starts_with("__Host-cartesia_token="));
    BOOST_TEST(
        (set.find(made) == std::string::npos)); // the session's own token, whatever becomes of that one
    for (auto const* attribute : {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"})
        BOOST_TEST(set.find(attribute) != std::string::npos, attribute << " is missing");
    BOOST_TEST(set.find("Domain") == std::string::npos);
    auto const max_age = set.find("Max-Age=");
    BOOST_REQUIRE(max_age != std::string::npos);
    auto const age = std::stoi(set.substr(max_age + 8));
    BOOST_TEST((age > 290 && age <= 300));
}

BOOST_AUTO_TEST_CASE(a_session_is_not_opened_by_a_cookie_or_by_nothing)
{
    BOOST_TEST(ask(gate.port(), request("POST", "/session", {cookie(token)})).status == 401U);
    BOOST_TEST(ask(gate.port(), request("POST", "/session")).status == 401U);
    BOOST_TEST(ask(gate.port(), request("POST", "/session", {bearer("nonsense")})).status == 401U);
}

BOOST_AUTO_TEST_CASE(get_session_tells_who_but_never_the_token)
{
    auto const made = gate.mint("tts,agent", seconds{300}, "Ada");
    auto const got = ask(gate.port(), request("GET", "/session", {cookie(made)}));
    BOOST_TEST(got.status == 200U);
    auto const body = json::parse(got.body).as_object();
    BOOST_TEST(body.at("subject").as_string() == "Ada");
    BOOST_TEST(body.at("grants").as_object().at("tts").as_bool());
    BOOST_TEST(!body.at("grants").as_object().at("stt").as_bool());
    BOOST_TEST(body.at("grants").as_object().at("agent").as_bool());
    BOOST_TEST(body.contains("expires_at"));
    BOOST_TEST((got.head + got.body).find(made) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(delete_session_revokes_at_once_and_clears_the_cookie)
{
    auto const made = gate.mint("tts");
    BOOST_TEST(speak_with(cookie(made)) == 200U);
    auto const got = ask(gate.port(), request("DELETE", "/session", {cookie(made)}));
    BOOST_TEST(got.status == 204U);
    BOOST_TEST(got.value("set-cookie").find("Max-Age=0") != std::string::npos);
    for (auto i = 0; i < 8; ++i) { // on both workers
        BOOST_TEST(speak_with(cookie(made)) == 401U);
        BOOST_TEST(speak_with(bearer(made)) == 401U);
    }
    BOOST_TEST(ask(gate.port(), request("GET", "/session", {cookie(made)})).status == 401U);
    BOOST_TEST(upstream.requests().size() == 1U);
    BOOST_TEST(speak_with(cookie(token)) == 200U); // nobody else's
}

BOOST_AUTO_TEST_CASE(other_methods_are_405)
{
    auto const got = ask(gate.port(), request("PUT", "/session", {cookie(token)}));
    BOOST_TEST(got.status == 405U);
    BOOST_TEST(got.value("allow").find("DELETE") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_configured_limits_of_a_head_hold_here_too)
{
    auto wide = at.another(R"({"limits": {"header_fields": 120, "head_bytes": "128KiB"}})");
    fields many{bearer(token)};
    for (auto i = 0; i < 105; ++i)
        many.push_back({"X-Filler", std::string(900, 'f')});
    BOOST_TEST(ask(wide.port(), request("GET", "/session", many)).status == 200U);
}

BOOST_AUTO_TEST_CASE(own_endpoints_never_go_upstream)
{
    (void)ask(gate.port(), request("GET", "/session", {cookie(token)}));
    (void)ask(gate.port(), request("POST", "/access-token", {server_key()}, "{}"));
    (void)ask(gate.port(), handshake("/session", {cookie(token)}));
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
