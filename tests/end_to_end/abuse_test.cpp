// Who guesses, forges or takes too much has to wait, and nobody else.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace json = boost::json;

namespace {

constexpr std::string_view all_grants = R"({"tts":true,"stt":true,"agent":true})";

client_options from(std::string address)
{
    client_options out;
    out.from = std::move(address);
    return out;
}

client_options const here{};
client_options const there = from("127.0.0.2");

struct abused_scene : scene {
    abused_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }

    /// A gateway in whose limits an hour is for ever.
    [[nodiscard]] gateway with_failures(unsigned most) const
    {
        return at.another(
            R"({"limits": {"failure_refill": "1h", "failures": )" + std::to_string(most) + "}}");
    }
};

answer speak(gateway const& at, field const& credential, client_options const& who = here)
{
    return ask(at.port(), request("POST", "/tts/bytes", {credential}, "{}"), who);
}

std::string code_of(answer const& got)
{
    return std::string(json::parse(got.body).as_object().at("error_code").as_string());
}

/// The same token with another signature or tag.
std::string forged(std::string of, char with = 'A')
{
    auto& c = of[of.size() - 4];
    c = c == with ? 'B' : with;
    return of;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(failed_authentications, abused_scene)

BOOST_AUTO_TEST_CASE(an_address_that_fails_too_often_is_told_to_wait)
{
    auto strict = with_failures(5);
    for (auto i = 0; i < 5; ++i)
        BOOST_TEST(speak(strict, bearer(forged(token))).status == 401U);
    for (auto i = 0; i < 3; ++i) {
        auto const got = speak(strict, bearer(forged(token)));
        BOOST_TEST(got.status == 429U);
        BOOST_TEST(code_of(got) == "too_many_failures");
        BOOST_TEST(std::stoul(got.value("retry-after")) > 3'500U);
        BOOST_TEST(std::stoul(got.value("retry-after-ms")) <= 3'600'000U);
        BOOST_TEST(!got.has("www-authenticate"));
    }
    BOOST_TEST(speak(strict, bearer("placeholder")).status == 429U);
    BOOST_TEST(ask(strict.port(), handshake("/tts/websocket", {cookie(forged(token))})).status == 429U);
    BOOST_TEST(ask(strict.port(), request("GET", "/session", {cookie(forged(token))})).status == 429U);

    (void)strict.await_log("\"too_many_failures\"");
    BOOST_TEST(strict.metric("voicegate_failed_authentications_total") == 5U);
    BOOST_TEST(strict.metric(R"(voicegate_requests_denied_total{reason="too_many_failures"})") >= 5U);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(another_address_does_not_wait)
{
    auto strict = with_failures(2);
    while (speak(strict, bearer(forged(token))).status == 401) {
    }
    BOOST_TEST(speak(strict, bearer(token)).status == 429U);
    BOOST_TEST(speak(strict, bearer(token), there).status == 200U);
    BOOST_TEST(speak(strict, bearer(forged(token)), there).status == 401U); // it has its own count
}

BOOST_AUTO_TEST_CASE(who_was_good_before_goes_on_behind_the_same_address)
{
    auto strict = with_failures(2);
    auto const made_here = strict.mint("tts");
    BOOST_TEST(speak(strict, bearer(token)).status == 200U);
    while (speak(strict, bearer(forged(token))).status == 401) {
    }
    BOOST_TEST(speak(strict, bearer(token)).status == 200U);
    BOOST_TEST(speak(strict, cookie(made_here)).status == 200U); // though it was never shown
    BOOST_TEST(speak(strict, cookie(strict.mint("tts"))).status == 200U);

    auto const made_elsewhere = gate.mint("tts");
    BOOST_TEST(speak(strict, bearer(made_elsewhere)).status == 429U);
    BOOST_TEST(speak(strict, bearer(made_elsewhere), there).status == 200U);
    BOOST_TEST(speak(strict, bearer(made_elsewhere)).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_token_that_cartesia_has_accepted_goes_on_too)
{
    auto strict = with_failures(2);
    auto const own = upstream.mint(all_grants);
    auto const other = upstream.mint(all_grants, seconds{500});
    BOOST_TEST(speak(strict, bearer(own)).status == 200U);
    while (speak(strict, bearer(forged(token))).status == 401) {
    }
    BOOST_TEST(speak(strict, bearer(own)).status == 200U);
    BOOST_TEST(speak(strict, bearer(other)).status == 429U);
}

BOOST_AUTO_TEST_CASE(after_the_wait_it_is_tried_again)
{
    auto strict = at.another(R"({"limits": {"failures": 1, "failure_refill": "250ms"}})");
    while (speak(strict, bearer(forged(token))).status == 401) {
    }
    await("the end of the wait", [&] { return speak(strict, bearer(token)).status == 200; });
}

BOOST_AUTO_TEST_CASE(what_is_missing_expired_or_revoked_is_no_failure)
{
    auto strict = with_failures(1);
    auto const short_lived = gate.mint("tts", seconds{1});
    auto const revoked = gate.mint("tts", seconds{600}, "gone");
    BOOST_TEST(strict.revoke(R"({"sub": "gone", "block": true})").status == 200U);
    await(
        "the end of a token of one second", [&] { return speak(strict, bearer(short_lived)).status != 200; });
    for (auto i = 0; i < 3; ++i) {
        auto const expired = speak(strict, bearer(short_lived));
        BOOST_TEST(code_of(expired) == "token_expired");
        BOOST_TEST(code_of(speak(strict, bearer(revoked))) == "token_revoked");
        BOOST_TEST(ask(strict.port(), request("POST", "/tts/bytes", {}, "{}")).status == 401U);
        BOOST_TEST(ask(strict.port(), request("POST", "/access-token", {}, "{}")).status == 401U);
    }
    BOOST_TEST(strict.metric("voicegate_failed_authentications_total") == 0U);
    BOOST_TEST(speak(strict, bearer(forged(token))).status == 401U);
    BOOST_TEST(speak(strict, bearer(forged(token))).status == 429U);
    BOOST_TEST(
        ask(strict.port(), request("POST", "/tts/bytes", {}, "{}")).status == 401U); // it shows nothing
}

BOOST_AUTO_TEST_CASE(server_keys_and_codes_are_guessed_no_faster)
{
    auto strict = with_failures(2);
    auto const mint_with = [&](std::string_view key, client_options const& who = here) {
        return ask(strict.port(), request("POST", "/access-token", {bearer(key)}, R"({"grants":{}})"), who);
    };
    auto const redeem = [&](std::string const& code) {
        return ask(strict.port(), request("POST", "/session", {}, R"({"code":")" + code + "\"}"));
    };
    BOOST_TEST(mint_with("vgk_wrong").status == 401U);
    BOOST_TEST(redeem("wrong").status == 401U);
    auto const refused = mint_with("vgk_wrong");
    BOOST_TEST(refused.status == 429U);
    BOOST_TEST(refused.has("retry-after-ms"));
    BOOST_TEST(redeem("wrong").status == 429U);
    BOOST_TEST(mint_with(gateway::server_key).status == 429U);
    BOOST_TEST(mint_with(gateway::server_key, there).status == 200U);
    BOOST_TEST(mint_with(gateway::server_key).status == 200U); // it is known now
}

BOOST_AUTO_TEST_CASE(a_token_that_came_in_clear_counts_and_is_burnt_all_the_same)
{
    auto strict = with_failures(1);
    client_options plain;
    plain.tls = false;
    auto const in_clear = [&](field const& credential) {
        return ask(strict.plain_port(), request("GET", "/voices", {credential}), plain).status;
    };
    BOOST_TEST(in_clear(bearer(forged(token))) == 403U);
    BOOST_TEST(speak(strict, bearer(forged(token))).status == 429U);
    auto const unknown = gate.mint("tts");
    BOOST_TEST(in_clear(bearer(unknown)) == 403U);
    BOOST_TEST(code_of(speak(strict, bearer(unknown), there)) == "token_revoked");
}

/// openai 4 would try again with a body that is spent, and hang.
BOOST_AUTO_TEST_CASE(an_upload_is_not_to_be_sent_again)
{
    auto strict = with_failures(1);
    (void)speak(strict, bearer(forged(token)));
    field const form{"Content-Type", "multipart/form-data; boundary=x"};
    auto const upload = ask(
        strict.port(), request("POST", "/audio/transcriptions", {bearer(forged(token)), form}, "--x--\r\n"));
    BOOST_TEST(upload.status == 429U);
    BOOST_TEST(upload.value("x-should-retry") == "false");
    BOOST_TEST(!speak(strict, bearer(forged(token))).has("x-should-retry"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(forged_cartesia_tokens, scene)

BOOST_AUTO_TEST_CASE(one_reaches_the_upstream_once)
{
    auto const own = upstream.mint(all_grants);
    upstream.clear();
    BOOST_TEST(speak(gate, bearer(forged(own))).value("server") == "cartesia-sim");
    for (auto i = 0; i < 8; ++i) { // on both workers
        auto const got = speak(gate, bearer(forged(own)));
        BOOST_TEST(got.status == 401U);
        BOOST_TEST(code_of(got) == "token_rejected");
    }
    BOOST_TEST(ask(gate.port(), handshake("/tts/websocket", {cookie(forged(own))})).status == 401U);
    BOOST_TEST(upstream.requests_over(1).size() == 1U);
    BOOST_TEST(speak(gate, bearer(own)).status != 401U);
}

BOOST_AUTO_TEST_CASE(a_field_that_names_another_token_hides_none)
{
    auto const own = upstream.mint(all_grants);
    upstream.clear();
    auto const sent = request(
        "POST",
        "/tts/bytes",
        {
            bearer(forged(own)), {"X-Note", "Authorization: Bearer other"}
    },
        speech());
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(ask(gate.port(), sent).status == 401U);
    BOOST_TEST(upstream.requests_over(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_websocket_handshake_is_remembered_too)
{
    auto const own = upstream.mint(all_grants);
    upstream.clear();
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(ask(gate.port(), handshake("/tts/websocket", {cookie(forged(own))})).status == 401U);
    BOOST_TEST(upstream.requests_over(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(after_its_time_the_upstream_is_asked_again)
{
    auto brief = at.another(R"({"limits": {"rejected_for": "250ms"}})");
    auto const own = forged(upstream.mint(all_grants));
    upstream.clear();
    BOOST_TEST(speak(brief, bearer(own)).status == 401U);
    await("a second question to the upstream", [&] {
        return speak(brief, bearer(own)).value("server") == "cartesia-sim";
    });
}

BOOST_AUTO_TEST_CASE(many_that_differ_are_soon_refused_here)
{
    auto strict = at.another(R"({"limits": {"failures": 3, "failure_refill": "1h"}})");
    auto const own = upstream.mint(all_grants);
    upstream.clear();
    for (auto const with : {'C', 'D', 'E'})
        BOOST_TEST(speak(strict, bearer(forged(own, with))).status == 401U);
    for (auto const with : {'F', 'G', 'H'})
        BOOST_TEST(speak(strict, bearer(forged(own, with))).status == 429U);
    BOOST_TEST(upstream.requests_over(3).size() == 3U);
}

BOOST_AUTO_TEST_CASE(who_leaves_before_the_answer_has_failed)
{
    auto strict = at.another(R"({"limits": {"failures": 3, "failure_refill": "1h"}})");
    auto const own = upstream.mint(all_grants);
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "hang"}])");
    client hasty(strict.port());
    hasty.send(request("POST", "/tts/bytes", {bearer(forged(own))}, "{}"));
    upstream.await_held();
    hasty.reset();
    await("a failure", [&] { return strict.metric("voicegate_failed_authentications_total") == 1; });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(connections_of_an_address, scene)

BOOST_AUTO_TEST_CASE(one_too_many_is_closed)
{
    auto few = at.another(R"({"limits": {"connections_per_address": 3}})");
    std::vector<client> all;
    for (auto i = 0; i < 3; ++i)
        all.emplace_back(few.port());
    for (auto i = 0; i < 8; ++i) // at both workers
        BOOST_CHECK_THROW(client one_more(few.port()), handshake_failed);
    BOOST_TEST(few.metric("voicegate_connections_refused_by_address_total") == 8U);
    BOOST_TEST(ask(few.port(), request("GET", "/session"), there).status == 401U);

    all.pop_back();
    await("a free place", [&] {
        try {
            return ask(few.port(), request("GET", "/session")).status == 401;
        } catch (handshake_failed const&) {
            return false;
        }
    });
}

BOOST_AUTO_TEST_CASE(plain_ones_count_too)
{
    auto few = at.another(R"({"limits": {"connections_per_address": 1}})");
    client_options plain;
    plain.tls = false;
    client silent(few.plain_port(), plain);
    await("a connection", [&] { return few.metric("voicegate_connections_open") == 1; });
    BOOST_CHECK_THROW(client one_more(few.port()), handshake_failed);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(handshakes_under_way, scene)

/// Says hello, and nothing more.
struct stalling : client {
    explicit stalling(std::uint16_t port) : client(port, in_clear()) { send(client_hello()); }
    static client_options in_clear()
    {
        client_options out;
        out.tls = false;
        return out;
    }
};

BOOST_AUTO_TEST_CASE(more_than_so_many_wait_for_their_turn)
{
    auto few = at.another(R"({"threads": 1, "limits": {"handshakes": 2, "handshake": "1m"}})");
    stalling first(few.port());
    stalling second(few.port());
    BOOST_TEST(first.receive());
    BOOST_TEST(second.receive()); // each has the server's hello
    BOOST_TEST(few.metric("voicegate_tls_handshakes_open") == 2U);

    stalling third(few.port());
    await("a third connection", [&] { return few.metric("voicegate_connections_open") == 3; });
    BOOST_TEST(third.stays_silent(milliseconds{300}));
    BOOST_TEST(few.metric("voicegate_tls_handshakes_open") == 2U);
    first.close();
    BOOST_TEST(third.receive());
    second.close();
    BOOST_TEST(ask(few.port(), request("GET", "/session")).status == 401U);
}

BOOST_AUTO_TEST_CASE(who_waits_is_closed_after_the_limit)
{
    auto few = at.another(R"({"threads": 1, "limits": {"handshakes": 1, "handshake": "500ms"}})");
    stalling first(few.port());
    BOOST_TEST(first.receive());
    stalling second(few.port());
    second.receive_to_end();
    BOOST_TEST(few.metric("voicegate_tls_handshakes_open") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
