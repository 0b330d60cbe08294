#include "gateway/base/reply.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <charconv>
#include <set>

using namespace gateway;
using policy::denial;
using std::string;
using std::string_view;

namespace {

struct parsed {
    string head;
    string body;

    [[nodiscard]] bool has(string_view line) const
    {
        return head.find("\r\n" + string(line) + "\r\n") != string::npos;
    }
    [[nodiscard]] bool names(string_view field) const
    {
        return head.find("\r\n" + string(field) + ":") != string::npos;
    }
};

parsed split(string const& reply)
{
    auto const end = reply.find("\r\n\r\n");
    BOOST_TEST_REQUIRE(end != string::npos);
    return {reply.substr(0, end + 2), reply.substr(end + 4)};
}

reply_context context()
{
    reply_context out;
    out.request_id = "0f5d7f5e-2a52-4b73-9d1c-5b1d6f0f9a10";
    out.now = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000));
    return out;
}

template <class Reason>
struct expected {
    Reason why;
    unsigned status;
    char const* bearer_error = "";
    friend std::ostream& operator<<(std::ostream& out, expected const& e) { return out << log_name(e.why); }
};

// clang-format off
constexpr std::array denials{
    expected<denial>{denial::target_not_canonical, 400},
    expected<denial>{denial::target_too_long, 414},
    expected<denial>{denial::foreign_authority, 400},
    expected<denial>{denial::no_route, 404},
    expected<denial>{denial::method_not_allowed, 405},
    expected<denial>{denial::upgrade_required, 426},
    expected<denial>{denial::upgrade_not_allowed, 400},
    expected<denial>{denial::no_token, 401},
    expected<denial>{denial::malformed_cookie, 400, "invalid_request"},
    expected<denial>{denial::conflicting_cookies, 400, "invalid_request"},
    expected<denial>{denial::conflicting_credentials, 400, "invalid_request"},
    expected<denial>{denial::origin_not_allowed, 403},
    expected<denial>{denial::cross_site_request, 403},
    expected<denial>{denial::origin_unproven, 403},
    expected<denial>{denial::too_many_failures, 429},
    expected<denial>{denial::token_malformed, 401, "invalid_token"},
    expected<denial>{denial::token_kind_not_accepted, 401, "invalid_token"},
    expected<denial>{denial::token_forged, 401, "invalid_token"},
    expected<denial>{denial::token_rejected, 401, "invalid_token"},
    expected<denial>{denial::token_not_yet_valid, 401, "invalid_token"},
    expected<denial>{denial::token_expired, 401, "invalid_token"},
    expected<denial>{denial::token_revoked, 401, "invalid_token"},
    expected<denial>{denial::grant_missing, 403, "insufficient_scope"},
};

constexpr std::array faults{
    expected<fault>{fault::not_https, 403},
    expected<fault>{fault::malformed_head, 400},
    expected<fault>{fault::target_too_long, 414},
    expected<fault>{fault::head_too_large, 431},
    expected<fault>{fault::version_not_supported, 505},
    expected<fault>{fault::malformed_upgrade, 400},
    expected<fault>{fault::expectation_failed, 417},
    expected<fault>{fault::malformed_body, 400},
    expected<fault>{fault::body_too_large, 413},
    expected<fault>{fault::request_timeout, 408},
    expected<fault>{fault::malformed_forwarding, 400},
    expected<fault>{fault::upstream_unreachable, 502},
    expected<fault>{fault::upstream_timeout, 504},
    expected<fault>{fault::upstream_bad_answer, 502},
    expected<fault>{fault::credential_unavailable, 503},
    expected<fault>{fault::overloaded, 503},
    expected<fault>{fault::draining, 503},
    expected<fault>{fault::internal, 500},
    expected<fault>{fault::server_key_required, 401},
    expected<fault>{fault::server_key_wrong, 401, "invalid_token"},
    expected<fault>{fault::bad_own_request, 400},
    expected<fault>{fault::grant_not_yours, 403, "insufficient_scope"},
    expected<fault>{fault::lifetime_not_yours, 403, "insufficient_scope"},
    expected<fault>{fault::subject_not_yours, 403, "insufficient_scope"},
    expected<fault>{fault::no_session, 409},
    expected<fault>{fault::session_over, 401, "invalid_token"},
    expected<fault>{fault::app_unauthorized, 401},
    expected<fault>{fault::app_forbidden, 403},
    expected<fault>{fault::app_other_user, 401, "invalid_token"},
    expected<fault>{fault::app_unreachable, 502},
    expected<fault>{fault::app_timeout, 502},
    expected<fault>{fault::app_bad_status, 502},
    expected<fault>{fault::app_bad_answer, 502},
    expected<fault>{fault::handoff_unknown, 401},
    expected<fault>{fault::handoff_expired, 401},
    expected<fault>{fault::handoff_used, 401},
    expected<fault>{fault::no_sealing_key, 503},
};
// clang-format on

void check_words(refusal const& words, unsigned status, string_view bearer_error)
{
    BOOST_TEST(words.status == status);
    BOOST_TEST(words.bearer_error == bearer_error);
    auto const got = split(write_refusal(words, context()));
    BOOST_TEST(got.head.starts_with(
        "HTTP/1.1 " + std::to_string(status) + " " + string(reason_phrase(status)) + "\r\n"));
    BOOST_TEST(!reason_phrase(status).empty());
    BOOST_TEST(got.has("Content-Length: " + std::to_string(got.body.size())));
    BOOST_TEST(got.has("Cache-Control: no-store"));
    BOOST_TEST(got.has("X-Content-Type-Options: nosniff"));
    BOOST_TEST(got.has("Date: Fri, 15 Jan 2027 08:00:00 GMT"));
    BOOST_TEST(got.has("X-Request-Id: 0f5d7f5e-2a52-4b73-9d1c-5b1d6f0f9a10"));
    BOOST_TEST(got.has("Connection: close") == (status != 426));
    BOOST_TEST(got.names("WWW-Authenticate") == (status == 401 || !bearer_error.empty()));

    auto const body = boost::json::parse(got.body).as_object();
    auto const text = [](boost::json::value const& v) { return string(v.as_string()); };
    BOOST_TEST(text(body.at("message")) == words.message);
    BOOST_TEST(text(body.at("title")) == words.title);
    BOOST_TEST(text(body.at("error_code")) == words.error_code);
    BOOST_TEST(text(body.at("request_id")) == context().request_id);
    BOOST_TEST(body.at("status").as_int64() == status);
    auto const& nested = body.at("error").as_object();
    BOOST_TEST(text(nested.at("message")) == words.message);
    BOOST_TEST(text(nested.at("code")) == words.error_code);
    BOOST_TEST(!text(nested.at("type")).empty());
}

/// How many reasons have a log name: those that exist.
template <class Reason>
std::size_t how_many()
{
    std::size_t n = 0;
    while (log_name(static_cast<Reason>(n)) != "unknown")
        ++n;
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(replies)

BOOST_AUTO_TEST_CASE(the_lists_of_this_test_are_complete)
{
    BOOST_TEST(denials.size() == how_many<denial>());
    BOOST_TEST(faults.size() == how_many<fault>());
    std::set<string_view> names;
    for (auto const& f : faults)
        BOOST_TEST(names.insert(log_name(f.why)).second);
}

BOOST_DATA_TEST_CASE(every_denial_has_its_words, boost::unit_test::data::make(denials), c)
{
    check_words(words_for(c.why), c.status, c.bearer_error);
}

BOOST_DATA_TEST_CASE(every_fault_has_its_words, boost::unit_test::data::make(faults), c)
{
    check_words(words_for(c.why), c.status, c.bearer_error);
}

BOOST_AUTO_TEST_CASE(the_form_follows_the_version)
{
    using enum error_form;
    BOOST_TEST((form_for(std::nullopt) == problem_json));
    for (auto const* v : {"2026-03-01", "2026-08-14", "2030-01-01"})
        BOOST_TEST((form_for(v) == problem_json), v);
    for (auto const* v : {"2025-04-16", "2026-02-28", "", "latest", "2026-03-01 ", "2026/03/01", "9999"})
        BOOST_TEST((form_for(v) == text), v);
}

BOOST_AUTO_TEST_CASE(older_versions_get_plain_text)
{
    auto with = context();
    with.form = error_form::text;
    auto const got = split(write_refusal(words_for(denial::token_expired), with));
    BOOST_TEST(got.has("Content-Type: text/plain; charset=utf-8"));
    BOOST_TEST(got.body == "Token expired: The access token has expired; get a new one and try again.");
    BOOST_TEST(got.has("Content-Length: " + std::to_string(got.body.size())));
}

BOOST_AUTO_TEST_CASE(the_challenge_follows_rfc_6750)
{
    auto with = context();
    auto const none = split(write_refusal(words_for(denial::no_token), with));
    BOOST_TEST(none.has("WWW-Authenticate: Bearer realm=\"voicegate\""));
    with.needed = policy::grant::stt;
    auto const missing = split(write_refusal(words_for(denial::grant_missing), with));
    BOOST_TEST(missing.head.find("error=\"insufficient_scope\"") != string::npos);
    BOOST_TEST(missing.head.find("scope=\"stt\"\r\n") != string::npos);
}

BOOST_AUTO_TEST_CASE(the_fields_that_some_refusals_need)
{
    auto with = context();
    with.keep_alive = true;
    with.allowed = {policy::method::get, policy::method::post};
    with.hsts_max_age = std::chrono::seconds(60);
    with.retry_after = std::chrono::milliseconds(1'500);
    auto const wrong_method = split(write_refusal(words_for(denial::method_not_allowed), with));
    BOOST_TEST(wrong_method.has("Allow: GET, POST"));
    BOOST_TEST(wrong_method.has("Strict-Transport-Security: max-age=60"));
    BOOST_TEST(wrong_method.has("Retry-After: 2"));
    BOOST_TEST(wrong_method.has("retry-after-ms: 1500"));
    BOOST_TEST(!wrong_method.names("x-should-retry"));
    with.resendable = false;
    BOOST_TEST(split(write_refusal(words_for(denial::too_many_failures), with)).has("x-should-retry: false"));
    BOOST_TEST(!wrong_method.names("Connection"));
    BOOST_TEST(!split(write_refusal(words_for(denial::no_route), with)).names("Allow"));

    auto const upgrade = split(write_refusal(words_for(denial::upgrade_required), with));
    BOOST_TEST(upgrade.has("Upgrade: websocket"));
    BOOST_TEST(upgrade.has("Connection: Upgrade"));
    with.keep_alive = false;
    BOOST_TEST(
        split(write_refusal(words_for(denial::upgrade_required), with)).has("Connection: Upgrade, close"));
    with.secure = false;
    BOOST_TEST(!split(write_refusal(words_for(fault::not_https), with)).names("Strict-Transport-Security"));
}

BOOST_AUTO_TEST_CASE(a_head_request_gets_the_length_and_no_body)
{
    auto with = context();
    auto const whole = split(write_refusal(words_for(denial::no_route), with));
    with.head_only = true;
    auto const got = split(write_refusal(words_for(denial::no_route), with));
    BOOST_TEST(got.body.empty());
    BOOST_TEST(got.head == whole.head);
}

BOOST_AUTO_TEST_CASE(no_code_is_null)
{
    auto words = words_for(denial::no_route);
    words.error_code = "";
    auto const got = split(write_refusal(words, context()));
    auto const body = boost::json::parse(got.body).as_object();
    BOOST_TEST(body.at("error_code").is_null());
    BOOST_TEST(body.at("error").at("code").is_null());
    BOOST_TEST(got.has("Content-Length: " + std::to_string(got.body.size())));
}

BOOST_AUTO_TEST_CASE(own_answers_carry_what_they_have)
{
    auto with = context();
    with.keep_alive = true;
    answer what;
    what.body = "{}";
    what.set_cookie = "a=b; Path=/";
    what.clear_site_cookies = true;
    with.cross_origin = "Access-Control-Allow-Origin: https://a\r\nVary: Origin\r\n";
    auto const got = split(write_answer(what, with));
    BOOST_TEST(got.head.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(got.has("Content-Type: application/json"));
    BOOST_TEST(got.has("Content-Length: 2"));
    BOOST_TEST(got.has("Cache-Control: no-store"));
    BOOST_TEST(got.has("Set-Cookie: a=b; Path=/"));
    BOOST_TEST(got.has("Clear-Site-Data: \"cookies\""));
    BOOST_TEST(!got.names("Allow"));
    BOOST_TEST(got.has("Date: Fri, 15 Jan 2027 08:00:00 GMT"));
    BOOST_TEST(got.has("Access-Control-Allow-Origin: https://a"));
    BOOST_TEST(got.has("Vary: Origin"));
    BOOST_TEST(got.body == "{}");

    answer nothing;
    nothing.status = 204;
    nothing.allow = {policy::method::options};
    auto const empty = split(write_answer(nothing, with));
    BOOST_TEST(empty.head.starts_with("HTTP/1.1 204 No Content\r\n"));
    BOOST_TEST(!empty.names("Content-Length"));
    BOOST_TEST(empty.has("Allow: OPTIONS"));
    BOOST_TEST(empty.body.empty());
}

BOOST_AUTO_TEST_CASE(streams_end_with_codes_that_clients_understand)
{
    BOOST_TEST(words_for(stream_end::token_ended).code == 1008);
    BOOST_TEST(words_for(stream_end::revoked).code == 1008);
    BOOST_TEST(words_for(stream_end::draining).code == 1012);
    BOOST_TEST(words_for(stream_end::upstream_gone).code == 1011);
    BOOST_TEST(words_for(stream_end::client_gone).code == 1001);
    BOOST_TEST(words_for(stream_end::protocol_error).code == 1002);
    BOOST_TEST(words_for(stream_end::too_big).code == 1009);
    for (std::size_t i = 0; i < how_many<stream_end>(); ++i) {
        BOOST_TEST(!words_for(static_cast<stream_end>(i)).reason.empty());
        BOOST_TEST(words_for(static_cast<stream_end>(i)).reason.size() <= 123U);
    }
    BOOST_TEST(how_many<stream_end>() == 9U);
}

BOOST_AUTO_TEST_SUITE_END()
