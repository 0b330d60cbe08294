#include "gateway/session/app_question.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace gateway;

namespace {

/// What the app is asked when a browser has sent `fields`.
std::string question(std::string const& fields, authorize_config app = {})
{
    app.url = {true, "::1", 8443, "/who"};
    auto const text = "POST /session HTTP/1.1\r\nHost: voice.example\r\n" + fields + "\r\n";
    auto const head = std::make_unique<wire::request_head>();
    std::size_t scanned = 0;
    BOOST_TEST_REQUIRE(
        (wire::read_request_head(text, {}, scanned, *head).state == wire::head_state::complete));
    std::vector<std::string_view> cookies;
    for (auto const& f : head->fields.all())
        if (f.known == field_name::cookie) cookies.push_back(f.value);
    auto const made = session::write_app_question(app, {*head, cookies, "__Host-t", "192.0.2.7", "id-1"});
    return std::string(made.reveal());
}

bool has(std::string const& text, std::string_view line)
{
    return text.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(app_questions)

BOOST_AUTO_TEST_CASE(the_least_that_is_asked)
{
    BOOST_TEST(
        question("") ==
        "POST /who HTTP/1.1\r\nHost: [::1]:8443\r\nAccept: application/json\r\n"
        "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: voice.example\r\nX-Forwarded-Proto: https\r\n"
        "X-Request-Id: id-1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(all_cookies_but_our_own_go_as_one_field)
{
    auto const got =
        question("Cookie: a=1; __Host-t=secret; b=\"2; __Host-t=secret; c\"\r\ncookie: __host-t=3\r\n");
    BOOST_TEST(has(got, "Cookie: a=1; b=\"2; c\"; __host-t=3"));
    BOOST_TEST(got.find("secret") == std::string::npos);
    BOOST_TEST(question("Cookie: __Host-t=secret\r\n").find("Cookie") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_fields_that_are_named_go)
{
    auto const sent = std::string(
        "User-Agent: browser\r\nAccept-Language: eo\r\nX-Tenant: a\r\nX-Tenant: b\r\nORIGIN: https://a\r\n");
    auto const usual = question(sent);
    BOOST_TEST(has(usual, "User-Agent: browser"));
    BOOST_TEST(has(usual, "Accept-Language: eo"));
    BOOST_TEST(has(usual, "ORIGIN: https://a"));
    BOOST_TEST(usual.find("X-Tenant") == std::string::npos);
    authorize_config app;
    app.headers = {"x-tenant"};
    auto const chosen = question(sent, app);
    BOOST_TEST(has(chosen, "X-Tenant: a\r\nX-Tenant: b"));
    BOOST_TEST(has(chosen, "ORIGIN: https://a"));
    BOOST_TEST(chosen.find("User-Agent") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bearer_token_never_goes)
{
    authorize_config app;
    app.headers = {"authorization"};
    BOOST_TEST(has(question("Authorization: Basic YTpi\r\n", app), "Authorization: Basic YTpi"));
    BOOST_TEST(question("Authorization: Bearer secret\r\n", app).find("secret") == std::string::npos);
    BOOST_TEST(question("Authorization: bearer  secret\r\n", app).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
