#include "gateway/edge/admit.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gateway;

namespace {

wire::request_head read(std::string&& text) = delete; // the head points into its text

wire::request_head read(std::string const& text)
{
    wire::request_head head;
    std::size_t scanned = 0;
    BOOST_REQUIRE(wire::read_request_head(text, {}, scanned, head).state == wire::head_state::complete);
    return head;
}

} // namespace

BOOST_AUTO_TEST_SUITE(admitting)

BOOST_AUTO_TEST_CASE(policy_sees_method_target_transport_and_credentials_and_nothing_else)
{
    std::string const text = "POST /stt?x=1 HTTP/1.1\r\nHost: gw\r\nCookie: a=1\r\nCookie: "
                             "b=2\r\nAuthorization: Bearer t\r\nX-API-Key: k\r\n"
                             "X-Original-URL: /voices\r\nX-HTTP-Method-Override: GET\r\n\r\n";
    auto const head = read(text);
    edge::judged_facts const facts(head);
    BOOST_CHECK(facts.request().verb == policy::method::post);
    BOOST_TEST(facts.request().raw_target == "/stt?x=1");
    BOOST_CHECK(facts.request().over == policy::transport::http);
    BOOST_TEST(facts.request().cookie_fields.size() == 2U);
    BOOST_TEST(*facts.request().authorization == "Bearer t");
    BOOST_TEST(*facts.request().api_key_field == "k");
    BOOST_TEST(!facts.ambiguity().has_value());
}

BOOST_AUTO_TEST_CASE(policy_sees_where_a_request_comes_from)
{
    std::string const text = "POST /stt HTTP/1.1\r\nHost: gw:8443\r\nOrigin: https://app.example.com\r\n"
                             "Sec-Fetch-Site: same-site\r\nX-Voicegate: 1\r\n\r\n";
    auto const head = read(text);
    edge::judged_facts const facts(head);
    auto const& came = facts.request().came;
    BOOST_TEST(came.host == "gw:8443");
    BOOST_TEST(came.origin.value() == "https://app.example.com");
    BOOST_TEST(came.fetch_site.value() == "same-site");
    BOOST_TEST(came.marked);
    BOOST_TEST(!came.repeated);

    std::string const silent = "POST /stt HTTP/1.1\r\nHost: gw\r\n\r\n";
    auto const other = read(silent);
    edge::judged_facts const none(other);
    BOOST_TEST(!none.request().came.origin.has_value());
    BOOST_TEST(!none.request().came.fetch_site.has_value());
    BOOST_TEST(!none.request().came.marked);
}

BOOST_AUTO_TEST_CASE(policy_sees_that_an_origin_came_twice)
{
    for (std::string const field : {"Origin: https://gw\r\n", "Sec-Fetch-Site: same-origin\r\n"}) {
        auto const text = "POST /stt HTTP/1.1\r\nHost: gw\r\n" + field + field + "\r\n";
        auto const head = read(text);
        edge::judged_facts const facts(head);
        BOOST_TEST(facts.request().came.repeated, field);
    }
}

BOOST_AUTO_TEST_CASE(a_credential_field_that_comes_twice_is_ambiguous_even_when_equal)
{
    for (std::string const field : {"Authorization: Bearer t\r\n", "X-API-Key: k\r\n"}) {
        auto const text = "POST /stt HTTP/1.1\r\nHost: gw\r\n" + field + field + "\r\n";
        auto const head = read(text);
        edge::judged_facts const facts(head);
        BOOST_CHECK(facts.ambiguity() == policy::denial::conflicting_credentials);
    }
}

BOOST_AUTO_TEST_CASE(more_cookie_fields_than_any_client_sends_are_refused)
{
    std::string text = "POST /stt HTTP/1.1\r\nHost: gw\r\n";
    for (std::size_t i = 0; i <= edge::judged_facts::cookie_fields_max; ++i)
        text += "Cookie: a=1\r\n";
    text += "\r\n";
    auto const head = read(text);
    edge::judged_facts const facts(head);
    BOOST_CHECK(facts.ambiguity() == policy::denial::malformed_cookie);
}

BOOST_AUTO_TEST_CASE(a_preflight_is_known_by_method_origin_and_question)
{
    constexpr auto origin = "Origin: https://app.example.com\r\n";
    constexpr auto question = "Access-Control-Request-Method: POST\r\n";
    auto const asked = [](std::string const& method, std::string const& fields) {
        auto const text = method + " /stt HTTP/1.1\r\nHost: gw\r\n" + fields + "\r\n";
        return edge::is_preflight(read(text));
    };
    BOOST_TEST(asked("OPTIONS", std::string(origin) + question));
    BOOST_TEST(!asked("POST", std::string(origin) + question));
    BOOST_TEST(!asked("OPTIONS", origin));
    BOOST_TEST(!asked("OPTIONS", question));
}

BOOST_AUTO_TEST_CASE(the_querys_version_goes_before_the_fields)
{
    auto const form = [](std::string const& target, std::string const& field) {
        auto const text = "GET " + target + " HTTP/1.1\r\nHost: gw\r\n" + field + "\r\n";
        return edge::form_of(read(text));
    };
    BOOST_CHECK(form("/x", "") == error_form::problem_json);
    BOOST_CHECK(form("/x", "Cartesia-Version: 2026-03-01\r\n") == error_form::problem_json);
    BOOST_CHECK(form("/x", "Cartesia-Version: 2025-04-16\r\n") == error_form::text);
    BOOST_CHECK(
        form("/x?cartesia_version=2026-08-14", "Cartesia-Version: 2025-04-16\r\n") ==
        error_form::problem_json);
    BOOST_CHECK(
        form("/x?cartesia_version=2025-04-16", "Cartesia-Version: 2026-08-14\r\n") == error_form::text);
}

BOOST_AUTO_TEST_SUITE_END()
