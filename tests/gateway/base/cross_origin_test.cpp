#include "gateway/base/cross_origin.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

using gateway::cross_origin;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> const origins{"https://app.example.com", "https://b.test:8443"};

/// The field lines by their names, each of which comes once.
std::map<std::string, std::string> lines_of(std::string_view text)
{
    std::map<std::string, std::string> out;
    while (!text.empty()) {
        auto const end = text.find("\r\n");
        BOOST_REQUIRE(end != std::string_view::npos);
        auto const line = text.substr(0, end);
        auto const colon = line.find(": ");
        BOOST_REQUIRE(colon != std::string_view::npos);
        BOOST_TEST(out.emplace(line.substr(0, colon), line.substr(colon + 2)).second, line);
        text.remove_prefix(end + 2);
    }
    return out;
}

std::set<std::string> elements(std::string_view list)
{
    std::set<std::string> out;
    for (std::size_t at = 0; at < list.size();) {
        auto const end = std::min(list.find(", ", at), list.size());
        out.emplace(list.substr(at, end - at));
        at = end + 2;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_cross_origin)

BOOST_AUTO_TEST_CASE(a_listed_origin_may_read_answers_cookies_and_all)
{
    cross_origin const rules(origins, 2h);
    for (auto const& origin : origins) {
        auto const got = lines_of(rules.fields_for(origin));
        BOOST_TEST(got.size() == 4U);
        BOOST_TEST(got.at("Access-Control-Allow-Origin") == origin);
        BOOST_TEST(got.at("Access-Control-Allow-Credentials") == "true");
        BOOST_TEST(got.at("Vary") == "Origin");
        auto const exposed = elements(got.at("Access-Control-Expose-Headers"));
        for (auto const* name :
             {"Date",
              "Retry-After",
              "retry-after-ms",
              "x-should-retry",
              "X-Request-Id",
              "cartesia-request-id",
              "Cartesia-File-ID"})
            BOOST_TEST(exposed.contains(name), name);
    }
}

BOOST_AUTO_TEST_CASE(others_get_nothing_but_what_caches_must_know)
{
    cross_origin const rules(origins, 2h);
    for (auto const* other : {"https://evil.test", "null", "*", "", "https://app.example.com.evil"}) {
        BOOST_TEST(rules.fields_for(other) == "Vary: Origin\r\n");
        BOOST_TEST(rules.preflight_fields(other, {policy::method::post}).empty());
    }
    BOOST_TEST(rules.fields_for(std::nullopt) == "Vary: Origin\r\n");
}

BOOST_AUTO_TEST_CASE(without_origins_nothing_is_said)
{
    cross_origin const rules({}, 2h);
    BOOST_TEST(rules.fields_for("https://app.example.com").empty());
    BOOST_TEST(rules.fields_for(std::nullopt).empty());
    BOOST_TEST(rules.preflight_fields("https://app.example.com", {policy::method::post}).empty());
}

BOOST_AUTO_TEST_CASE(a_preflight_allows_the_routes_methods_and_what_the_sdks_send)
{
    cross_origin const rules(origins, 90s);
    auto const got =
        lines_of(rules.preflight_fields("https://b.test:8443", {policy::method::del, policy::method::get}));
    BOOST_TEST(got.at("Access-Control-Allow-Origin") == "https://b.test:8443");
    BOOST_TEST(got.at("Access-Control-Allow-Credentials") == "true");
    BOOST_TEST(got.at("Access-Control-Allow-Methods") == "GET, DELETE");
    BOOST_TEST(got.at("Access-Control-Max-Age") == "90");
    BOOST_TEST(got.at("Vary") == "Origin");
    auto const accepted = elements(got.at("Access-Control-Allow-Headers"));
    // as Chromium asked for the official client (clients.md §1), and for the page's module
    for (auto const* name :
         {"authorization",
          "cartesia-version",
          "content-type",
          "x-cartesia-client",
          "x-stainless-arch",
          "x-stainless-lang",
          "x-stainless-os",
          "x-stainless-package-version",
          "x-stainless-retry-count",
          "x-stainless-runtime",
          "x-stainless-runtime-version",
          "x-stainless-timeout",
          "x-voicegate",
          "x-voicegate-refresh"})
        BOOST_TEST(accepted.contains(name), name);
    BOOST_TEST(!accepted.contains("*"));
}

BOOST_AUTO_TEST_SUITE_END()
