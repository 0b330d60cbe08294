#include "policy/origin.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using policy::denial;
using policy::method;
using policy::provenance;
using policy::transport;
using enum policy::denial;

BOOST_AUTO_TEST_SUITE(origin)

namespace {

std::vector<std::string> const listed{
    "https://app.example.com", "https://partner.test:8443", "http://localhost:3000"};

constexpr std::string_view absent = "-";

std::optional<std::string_view> given(std::string_view text)
{
    return text == absent ? std::nullopt : std::optional(text);
}

std::string_view name(std::optional<denial> why) { return why ? policy::log_name(*why) : "passes"; }

/// What browsers and others say, and what becomes of it where the cookie is the credential: of a GET, of a
/// POST and of a WebSocket handshake. The gateway is at voice.example.com.
struct sent {
    std::string_view title;
    std::string_view origin;
    std::string_view fetch_site;
    std::optional<denial> get;
    std::optional<denial> post;
    std::optional<denial> socket;
    friend std::ostream& operator<<(std::ostream& out, sent const& s) { return out << s.title; }
};

constexpr std::optional<denial> passes;
constexpr std::string_view own = "https://voice.example.com";
constexpr std::string_view app = "https://app.example.com";

// clang-format off
std::array const all_sent{
    sent{"own page, browser of today",         own,    "same-origin", passes, passes, passes},
    sent{"own page, browser without metadata", own,    absent,        passes, passes, passes},
    sent{"own page's GET",                     absent, "same-origin", passes, passes, passes},
    sent{"address bar",                        absent, "none",        passes, origin_unproven, origin_unproven},
    sent{"old browser's GET, curl, an SDK",    absent, absent,        passes, origin_unproven, passes},
    sent{"own page, whatever brought it up",   own,    "none",        passes, passes, passes},

    sent{"listed page of the site",            app,    "same-site",   passes, passes, passes},
    sent{"listed page, no metadata",           app,    absent,        passes, passes, passes},
    sent{"listed page of another site",        "https://partner.test:8443", "cross-site", passes, passes, passes},
    sent{"listed page of this machine",        "http://localhost:3000",     "cross-site", passes, passes, passes},

    sent{"page of the site that is not listed", "https://blog.example.com", "same-site", origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"page of another site",        "https://evil.test",  "cross-site",  origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"the same, no metadata",       "https://evil.test",  absent,        origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"metadata against Origin",     "https://evil.test",  "same-origin", origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"sandboxed frame",             "null",               "cross-site",  origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"null, no metadata",           "null",               absent,        origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"empty",                       "",                   absent,        origin_not_allowed, origin_not_allowed, origin_not_allowed},
    sent{"image on a page of another site", absent,           "cross-site",  cross_site_request, cross_site_request, cross_site_request},
    sent{"image on a page of the site", absent,               "same-site",   cross_site_request, cross_site_request, cross_site_request},
    sent{"Host of a page, put in on the way", own,            "same-site",   cross_site_request, cross_site_request, cross_site_request},
    sent{"after a foreign redirect",    own,                  "cross-site",  cross_site_request, cross_site_request, cross_site_request},
    sent{"unknown metadata",            absent,               "same-planet", cross_site_request, cross_site_request, cross_site_request},
    sent{"empty metadata",              absent,               "",            cross_site_request, cross_site_request, cross_site_request},
    sent{"metadata in another case",    absent,               "Same-Origin", cross_site_request, cross_site_request, cross_site_request},
};
// clang-format on

std::optional<denial> flaw(provenance const& from, method verb, transport over = transport::http)
{
    return policy::flaw_in_cookie_use(from, verb, over, listed);
}

} // namespace

BOOST_DATA_TEST_CASE(what_a_cookie_is_good_for_depends_on_who_sends, data::make(all_sent), s)
{
    provenance const from{
        .host = "voice.example.com", .origin = given(s.origin), .fetch_site = given(s.fetch_site)};
    for (auto verb : {method::get, method::head, method::options})
        BOOST_TEST(name(flaw(from, verb)) == name(s.get), policy::name(verb));
    for (auto verb : {method::post, method::put, method::patch, method::del, method::other})
        BOOST_TEST(name(flaw(from, verb)) == name(s.post), policy::name(verb));
    BOOST_TEST(name(flaw(from, method::get, transport::websocket)) == name(s.socket));
    auto const foreign = s.get; // a safe request passes unless its sender is foreign
    BOOST_TEST(name(policy::flaw_in_sender(from, listed)) == name(foreign));
}

/// `X-Voicegate` stands in for what nobody said, and for nothing that was.
BOOST_DATA_TEST_CASE(the_mark_proves_what_is_not_said_and_excuses_nothing, data::make(all_sent), s)
{
    provenance const from{
        .host = "voice.example.com",
        .origin = given(s.origin),
        .fetch_site = given(s.fetch_site),
        .marked = true};
    BOOST_TEST(name(flaw(from, method::post)) == name(s.get));
    BOOST_TEST(name(flaw(from, method::get, transport::websocket)) == name(s.get));
}

BOOST_AUTO_TEST_CASE(a_field_that_came_twice_is_no_word_to_rely_on)
{
    provenance from{.host = "voice.example.com", .origin = own, .repeated = true, .marked = true};
    for (auto over : {transport::http, transport::websocket})
        BOOST_TEST(name(flaw(from, method::get, over)) == "origin_not_allowed");
    from.origin = app;
    BOOST_TEST(name(flaw(from, method::post)) == "origin_not_allowed");
    BOOST_TEST(name(policy::flaw_in_sender(from, listed)) == "origin_not_allowed");
}

namespace {

struct hosted {
    std::string_view host;
    std::string_view origin;
    bool same;
    friend std::ostream& operator<<(std::ostream& out, hosted const& h)
    {
        return out << h.host << " and " << h.origin;
    }
};

constexpr std::array all_hosted{
    hosted{"voice.example.com",      "https://voice.example.com",      true },
    hosted{"Voice.Example.COM",      "https://voice.example.com",      true },
    hosted{"voice.example.com:443",  "https://voice.example.com",      true },
    hosted{"voice.example.com:8443", "https://voice.example.com:8443", true },
    hosted{"[::1]:8443",             "https://[::1]:8443",             true },
    hosted{"127.0.0.1",              "https://127.0.0.1",              true },
    hosted{"voice.example.com",      "http://voice.example.com",       false},
    hosted{"voice.example.com",      "wss://voice.example.com",        false},
    hosted{"voice.example.com",      "https://voice.example.com:8443", false},
    hosted{"voice.example.com:8443", "https://voice.example.com",      false},
    hosted{"voice.example.com:8443", "https://voice.example.com:443",  false},
    hosted{"voice.example.com",      "https://voice.example.com.",     false},
    hosted{"voice.example.com",      "https://voice.example.com/",     false},
    hosted{"voice.example.com",      "https://voice.example.com.evil", false},
    hosted{"voice.example.com",      "https://evil.voice.example.com", false},
    hosted{"voice.example.com",      "https://u@voice.example.com",    false},
    hosted{"voice.example.com",      "https://VOICE.example.com",      false}, // no browser writes it so
    hosted{"voice.example.com",      "HTTPS://voice.example.com",      false},
    hosted{"voice.example.com",      "voice.example.com",              false},
    hosted{"voice.example.com",      "https://",                       false},
    hosted{"",                       "https://",                       false}, // HTTP/1.0 without a Host
    hosted{":443",                   "https://",                       false},
};

} // namespace

BOOST_DATA_TEST_CASE(the_own_host_is_the_same_scheme_name_and_port, data::make(all_hosted), h)
{
    provenance const from{.host = h.host, .origin = h.origin};
    BOOST_TEST(name(policy::flaw_in_sender(from, {})) == (h.same ? "passes" : "origin_not_allowed"));
}

BOOST_DATA_TEST_CASE(
    an_origin_is_listed_exactly_or_not,
    data::make(
        {"https://app.example.com:443",
         "https://app.example.com.",
         "https://app.example.co",
         "https://xapp.example.com",
         "https://APP.example.com",
         "http://app.example.com",
         "https://partner.test",
         "https://localhost:3000",
         "*"}),
    other)
{
    provenance const from{.host = "voice.example.com", .origin = other};
    BOOST_TEST(name(policy::flaw_in_sender(from, listed)) == "origin_not_allowed");
}

BOOST_AUTO_TEST_SUITE_END()
