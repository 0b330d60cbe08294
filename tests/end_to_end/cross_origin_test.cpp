// Pages of other origins (CORS): preflights, and what their browsers let them read. And the clock in every
// answer.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>

using namespace e2e;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

constexpr auto listing = R"({
    "browsers": {"origins": ["https://app.example.com", "https://other.example.com:8443"], "preflight_max_age": "10m"}
})";

/// A gateway for pages of other origins, as long as its suite runs.
struct listing_stage {
    scene on;
    gateway gate = on.at.another(listing);

    static listing_stage*& standing()
    {
        static listing_stage* one = nullptr;
        return one;
    }
    listing_stage() { standing() = this; }
};

struct cross_origin_scene : scene {
    gateway& listing_gate = listing_stage::standing()->gate;
    field const app{"Origin", "https://app.example.com"};
    field const same_site{"Sec-Fetch-Site", "same-site"};
    field const evil{"Origin", "https://evil.test"};

    cross_origin_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken",
                 "headers": {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-Theirs",
                             "Vary": "Accept-Encoding"}}])");
    }

    [[nodiscard]] answer preflight(std::string_view target, field const& origin, gateway const& of) const
    {
        field const wanted{"Access-Control-Request-Method", "POST"};
        field const names{"Access-Control-Request-Headers", "cartesia-version,content-type,x-stainless-os"};
        return ask(of.port(), request("OPTIONS", target, {origin, wanted, names}));
    }
    [[nodiscard]] answer speak(field const& credential, fields more, gateway const& of) const
    {
        more.push_back(credential);
        return ask(of.port(), request("POST", "/tts/bytes", more, "{}"));
    }
};

void check_readable(answer const& got, std::string_view origin = "https://app.example.com")
{
    BOOST_TEST(got.count("access-control-allow-origin") == 1U);
    BOOST_TEST(got.value("access-control-allow-origin") == origin);
    BOOST_TEST(got.count("access-control-allow-credentials") == 1U);
    BOOST_TEST(got.value("access-control-allow-credentials") == "true");
    BOOST_TEST(got.head.find("Vary: Origin\r\n") != std::string::npos);
}

void check_unreadable(answer const& got)
{
    for (auto const& f : got.all)
        BOOST_TEST(!f.name.starts_with("Access-Control-"), f.name);
}

bool lists(std::string const& value, std::string_view name)
{
    return (", " + value + ",").find(", " + std::string(name) + ",") != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(cross_origin, cross_origin_scene, *boost::unit_test::fixture<listing_stage>())

BOOST_AUTO_TEST_CASE(a_preflight_is_answered_here_without_a_token)
{
    auto const got = preflight("/tts/bytes", app, listing_gate);
    BOOST_TEST(got.status == 204U);
    check_readable(got);
    BOOST_TEST(got.value("access-control-allow-methods") == "POST");
    BOOST_TEST(got.value("access-control-max-age") == "600");
    for (auto const* name : {"authorization", "cartesia-version", "content-type", "x-stainless-os"})
        BOOST_TEST(lists(got.value("access-control-allow-headers"), name), name);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_DATA_TEST_CASE(
    a_preflight_tells_what_the_path_takes,
    data::make({"/session", "/session/refresh", "/access-token", "/stt", "/audio/transcriptions"}) ^
        data::make({"GET, POST, DELETE, OPTIONS", "POST, OPTIONS", "POST, OPTIONS", "POST", "POST"}),
    target,
    methods)
{
    auto const got = preflight(target, app, listing_gate);
    BOOST_TEST(got.status == 204U);
    BOOST_TEST(got.value("access-control-allow-methods") == methods);
}

BOOST_AUTO_TEST_CASE(a_preflight_for_nothing_or_of_nobody_is_refused)
{
    BOOST_TEST(preflight("/voices", app, listing_gate).status == 404U);
    auto const foreign = preflight("/tts/bytes", evil, listing_gate);
    BOOST_TEST(foreign.status == 403U);
    BOOST_TEST(json::parse(foreign.body).at("error_code").as_string() == "origin_not_allowed");
    check_unreadable(foreign);
    BOOST_TEST(foreign.value("vary") == "Origin");
    auto const unlisted = preflight("/tts/bytes", app, gate); // that one lists no origins
    BOOST_TEST(unlisted.status == 403U);
    check_unreadable(unlisted);
    BOOST_TEST(upstream.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_connection_goes_on_after_a_preflight)
{
    client one(listing_gate.port());
    one.send(request(
        "OPTIONS",
        "/tts/bytes",
        {
            app, {"Access-Control-Request-Method", "POST"}
    }));
    BOOST_TEST(read_answer(one).status == 204U);
    one.send(request("POST", "/tts/bytes", {app, same_site, cookie(token)}, "{}"));
    BOOST_TEST(read_answer(one).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_listed_page_reads_answers_that_the_cookie_opened)
{
    auto const got = speak(cookie(token), {app, same_site}, listing_gate);
    BOOST_TEST(got.status == 200U);
    check_readable(got);
    BOOST_TEST(got.count("access-control-expose-headers") == 1U); // ours, not the upstream's
    for (auto const* name :
         {"X-Request-Id", "cartesia-request-id", "Cartesia-File-ID", "retry-after-ms", "Date"})
        BOOST_TEST(lists(got.value("access-control-expose-headers"), name), name);
    BOOST_TEST(got.head.find("Vary: Accept-Encoding\r\n") != std::string::npos);
    check_readable(
        speak(
            cookie(token),
            {
                {"Origin", "https://other.example.com:8443"}
    },
            listing_gate),
        "https://other.example.com:8443");
}

BOOST_AUTO_TEST_CASE(a_listed_page_may_hold_its_token_itself)
{
    check_readable(speak(bearer(token), {app}, listing_gate));
}

BOOST_AUTO_TEST_CASE(a_listed_page_reads_events)
{
    client one(listing_gate.port());
    one.send(request("POST", "/tts/sse", {app, same_site, cookie(token)}, speech()));
    auto got = read_head(one);
    check_readable(got);
    BOOST_TEST(read_until(one, got, "data:"));
}

BOOST_AUTO_TEST_CASE(a_listed_page_opens_sockets)
{
    (void)open_websocket(listing_gate.port(), "/tts/websocket", {app, same_site, cookie(token)});
}

BOOST_AUTO_TEST_CASE(a_listed_page_signs_in_renews_and_signs_out)
{
    auto const mine = listing_gate.mint("tts");
    auto const opened = ask(listing_gate.port(), request("POST", "/session", {app, same_site, bearer(mine)}));
    BOOST_TEST(opened.status == 204U);
    check_readable(opened);
    auto const set = opened.value("set-cookie");
    field const own{"Cookie", set.substr(0, set.find(';'))};
    auto const renewed = ask(listing_gate.port(), request("POST", "/session/refresh", {app, same_site, own}));
    BOOST_TEST(renewed.status == 200U);
    check_readable(renewed);
    check_readable(ask(listing_gate.port(), request("GET", "/session", {app, same_site, own})));
    auto const ended = ask(listing_gate.port(), request("DELETE", "/session", {app, same_site, own}));
    BOOST_TEST(ended.status == 204U);
    check_readable(ended);
}

BOOST_AUTO_TEST_CASE(a_listed_page_reads_why_it_was_refused)
{
    check_readable(speak(cookie("nonsense"), {app}, listing_gate));                             // 401
    check_readable(speak(cookie(listing_gate.mint("stt")), {app}, listing_gate));               // 403
    check_readable(ask(listing_gate.port(), request("POST", "/voices", {app, cookie(token)}))); // 404
    check_readable(ask(listing_gate.port(), request("PUT", "/session", {app, cookie(token)}))); // 405
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "reset_before_answer"}])");
    auto const gone = speak(cookie(token), {app}, listing_gate);
    BOOST_TEST(gone.status == 502U);
    check_readable(gone);
}

BOOST_AUTO_TEST_CASE(others_read_nothing_and_caches_keep_them_apart)
{
    auto const foreign = speak(bearer(token), {evil}, listing_gate);
    BOOST_TEST(foreign.status == 200U); // it holds the token; its browser keeps the answer from the page
    check_unreadable(foreign);
    BOOST_TEST(foreign.head.find("Vary: Origin\r\n") != std::string::npos);
    auto const no_page = speak(bearer(token), {}, listing_gate);
    check_unreadable(no_page);
    BOOST_TEST(no_page.head.find("Vary: Origin\r\n") != std::string::npos);
    auto const twice = speak(bearer(token), {app, app}, listing_gate);
    check_unreadable(twice);
}

BOOST_AUTO_TEST_CASE(without_listed_origins_nothing_is_added)
{
    auto const got = speak(bearer(token), {app}, gate);
    BOOST_TEST(got.status == 200U);
    check_unreadable(got);
    BOOST_TEST(got.value("vary") == "Accept-Encoding");
    BOOST_TEST(got.count("vary") == 1U);
    BOOST_TEST(!ask(gate.port(), request("GET", "/session", {app, bearer(token)})).has("vary"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

std::time_t time_in(answer const& of)
{
    std::tm parts{};
    auto const text = of.value("date");
    BOOST_TEST(of.count("date") == 1U);
    BOOST_TEST(text.size() == 29U);
    BOOST_TEST_REQUIRE((strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) != nullptr), text);
    return timegm(&parts);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(clock_in_answers, scene)

BOOST_AUTO_TEST_CASE(what_the_gateway_says_itself_has_its_date)
{
    client_options clear;
    clear.tls = false;
    auto const before = std::time(nullptr);
    for (auto const& said : {
             ask(gate.port(), request("GET", "/session", {cookie(token)})),
             ask(gate.port(), request("POST", "/session", {bearer(token)})),
             ask(gate.port(), request("POST", "/tts/bytes", {}, "{}")),
             ask(gate.port(), request("GET", "/voices")),
             ask(gate.port(), "GET / HTTP/1.1\r\n\r\n"),
             ask(gate.port(), request("POST", "/access-token", {}, std::string(20'000, ' '))),
             ask(gate.plain_port(), request("GET", "/"), clear),
         }) {
        auto const told = time_in(said);
        BOOST_TEST((told >= before && told <= std::time(nullptr)), said.head);
    }
}

BOOST_AUTO_TEST_SUITE_END()
