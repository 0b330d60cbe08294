// Who made the browser send the cookie: Origin, Sec-Fetch-Site and X-Voicegate, over HTTP and in handshakes.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

using namespace e2e;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

/// What a browser, or another client, says of where a request comes from.
struct sender {
    std::string_view title;
    std::string_view lines;  ///< "Name: value", one after the other
    std::string_view denial; ///< the code that it is refused with; empty: it passes

    [[nodiscard]] fields all() const
    {
        fields out;
        for (auto rest = lines; !rest.empty();) {
            auto const end = std::min(rest.find('\n'), rest.size());
            auto const line = rest.substr(0, end);
            auto const colon = line.find(": ");
            out.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return out;
    }
    [[nodiscard]] fields with(field const& credential) const
    {
        auto out = all();
        out.push_back(credential);
        return out;
    }
};

std::ostream& operator<<(std::ostream& out, sender const& s) { return out << s.title; }

// The gateway of these tests is https://localhost.
// clang-format off
constexpr std::array senders{
    sender{"own page",                   "Origin: https://localhost\nSec-Fetch-Site: same-origin",      ""},
    sender{"own page without metadata",  "Origin: https://localhost",                                   ""},
    sender{"own page without Origin",    "Sec-Fetch-Site: same-origin",                                 ""},
    sender{"page of another site",       "Origin: https://evil.test\nSec-Fetch-Site: cross-site",       "origin_not_allowed"},
    sender{"page of the same site",      "Origin: https://localhost:3000\nSec-Fetch-Site: same-site",   "origin_not_allowed"},
    sender{"page in clear",              "Origin: http://localhost",                                    "origin_not_allowed"},
    sender{"sandboxed frame",            "Origin: null",                                                "origin_not_allowed"},
    sender{"foreign page with the mark", "Origin: https://evil.test\nX-Voicegate: 1",                   "origin_not_allowed"},
    sender{"two Origins",                "Origin: https://localhost\nOrigin: https://localhost",        "origin_not_allowed"},
    sender{"two Sec-Fetch-Sites",        "Sec-Fetch-Site: same-origin\nSec-Fetch-Site: same-origin",    "origin_not_allowed"},
    sender{"image of another site",      "Sec-Fetch-Site: cross-site",                                  "cross_site_request"},
    sender{"image of the same site",     "Sec-Fetch-Site: same-site",                                   "cross_site_request"},
};
// clang-format on

std::string code_in(answer const& of)
{
    return std::string(json::parse(of.body).at("error_code").as_string());
}

struct browser_scene : scene {
    browser_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }

    void check_refused(answer const& got, std::string_view denial) const
    {
        BOOST_TEST(got.status == 403U);
        BOOST_TEST(code_in(got) == denial);
        BOOST_TEST(!got.has("access-control-allow-origin"));
        BOOST_TEST(!got.has("www-authenticate")); // no other token would help
        BOOST_TEST(upstream.requests().empty());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(browsers, browser_scene)

BOOST_DATA_TEST_CASE(a_post_with_the_cookie_is_judged_by_its_sender, data::make(senders), s)
{
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", s.with(cookie(token)), "{}"));
    if (!s.denial.empty()) return check_refused(got, s.denial);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(upstream.requests().size() == 1U);
}

BOOST_DATA_TEST_CASE(a_handshake_with_the_cookie_is_judged_by_its_sender, data::make(senders), s)
{
    client one(gate.port());
    one.send(handshake("/tts/websocket", s.with(cookie(token))));
    auto got = read_head(one);
    if (s.denial.empty()) {
        BOOST_TEST(got.status == 101U);
        return;
    }
    while (read_more(one, got)) {
    }
    check_refused(got, s.denial);
    gate.await_log(R"("reason":")" + std::string(s.denial) + '"');
}

/// Browsers tell a page only that its socket closed with 1006; here it finds out why.
BOOST_DATA_TEST_CASE(the_session_tells_what_the_socket_could_not, data::make(senders), s)
{
    auto const got = ask(gate.port(), request("GET", "/session", s.with(cookie(token))));
    if (!s.denial.empty()) return check_refused(got, s.denial);
    BOOST_TEST(got.status == 200U);
}

BOOST_DATA_TEST_CASE(no_foreign_page_renews_or_ends_a_session, data::make(senders), s)
{
    auto const opened = ask(gate.port(), request("POST", "/session", {bearer(gate.mint("tts"))}));
    auto const set = opened.value("set-cookie");
    field const own{"Cookie", set.substr(0, set.find(';'))};
    auto const renewed = ask(gate.port(), request("POST", "/session/refresh", s.with(own)));
    auto const ended = ask(gate.port(), request("DELETE", "/session", s.with(own)));
    if (!s.denial.empty()) {
        check_refused(renewed, s.denial);
        check_refused(ended, s.denial);
        BOOST_TEST(!renewed.has("set-cookie"));
    } else {
        BOOST_TEST(renewed.status == 200U);
        BOOST_TEST(ended.status == 204U);
    }
    auto const still = ask(gate.port(), request("GET", "/session", {own})).status;
    BOOST_TEST(still == (s.denial.empty() ? 401U : 200U));
}

/// The token of an app lies where no browser adds it by itself: whoever sends it holds it.
BOOST_DATA_TEST_CASE(a_token_that_the_page_sends_itself_needs_no_sender, data::make(senders), s)
{
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", s.with(bearer(token)), "{}")).status == 200U);
    BOOST_TEST(
        ask(gate.port(), request("POST", "/tts/bytes", s.with({"X-API-Key", token}), "{}")).status == 200U);
    client one(gate.port());
    one.send(handshake("/tts/websocket?access_token=" + token, s.all()));
    BOOST_TEST(read_head(one).status == 101U);
}

/// It would have the browser speak as somebody else from then on (login CSRF).
BOOST_DATA_TEST_CASE(no_foreign_page_signs_a_browser_in, data::make(senders), s)
{
    auto const got = ask(gate.port(), request("POST", "/session", s.with(bearer(token))));
    if (!s.denial.empty()) {
        check_refused(got, s.denial);
        BOOST_TEST(!got.has("set-cookie"));
    } else {
        BOOST_TEST(got.status == 204U);
    }
}

BOOST_AUTO_TEST_CASE(what_the_cookie_is_worth_is_not_told_to_a_foreign_page)
{
    field const foreign{"Origin", "https://evil.test"};
    for (auto const& worth : {token, gate.mint("stt"), std::string("nonsense")})
        check_refused(
            ask(gate.port(), request("POST", "/tts/bytes", {cookie(worth), foreign}, "{}")),
            "origin_not_allowed");
}

BOOST_AUTO_TEST_CASE(what_changes_something_needs_a_proof_and_what_reads_does_not)
{
    auto const bare = [&](std::string const& start) {
        return ask(
            gate.port(),
            start + " HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-cartesia_token=" + token +
                "\r\nContent-Length: 0\r\n\r\n");
    };
    for (auto const* start : {"POST /tts/bytes", "POST /session/refresh", "DELETE /session"})
        check_refused(bare(start), "origin_unproven");
    BOOST_TEST(bare("GET /session").status == 200U);

    field const mark{"X-Voicegate", "1"};
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {cookie(token), mark}, "{}")).status == 200U);
    auto const seen = upstream.requests();
    BOOST_REQUIRE(seen.size() == 1U);
    BOOST_TEST(seen.front().count("x-voicegate") == 0U);
}

BOOST_AUTO_TEST_CASE(an_address_that_was_typed_reads_and_does_nothing_else)
{
    field const by_hand{"Sec-Fetch-Site", "none"};
    BOOST_TEST(ask(gate.port(), request("GET", "/session", {cookie(token), by_hand})).status == 200U);
    check_refused(
        ask(gate.port(), request("POST", "/tts/bytes", {cookie(token), by_hand}, "{}")), "origin_unproven");
    check_refused(ask(gate.port(), handshake("/tts/websocket", {cookie(token), by_hand})), "origin_unproven");
}

BOOST_AUTO_TEST_CASE(refusals_are_counted_by_their_reason)
{
    field const foreign{"Origin", "https://evil.test"};
    (void)ask(gate.port(), handshake("/tts/websocket", {cookie(token), foreign}));
    constexpr std::string_view counted = R"(voicegate_requests_denied_total{reason="origin_not_allowed"} )";
    auto const metrics = gate.admin("/metrics").body;
    auto const found = metrics.find(counted);
    BOOST_REQUIRE(found != std::string::npos);
    BOOST_TEST(metrics.substr(found + counted.size(), 2) != "0\n");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_session_clears_the_sites_cookies_unless_told_not_to)
{
    auto const sign_out = [](gateway const& of) {
        return ask(of.port(), request("DELETE", "/session", {cookie(of.mint("tts"))}));
    };
    BOOST_TEST(sign_out(gate).value("clear-site-data") == "\"cookies\"");
    auto const sparing = at.another(R"({"session": {"clear_site_data": false}})");
    auto const got = sign_out(sparing);
    BOOST_TEST(got.status == 204U);
    BOOST_TEST(!got.has("clear-site-data"));
    BOOST_TEST(got.value("set-cookie").find("Max-Age=0") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
