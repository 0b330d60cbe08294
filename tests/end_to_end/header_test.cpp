// Header fields on their way, in both directions, as the peers see them.
#include "tests/end_to_end/support/stage.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

struct query {
    char const* given;
    char const* wanted;
};

std::ostream& operator<<(std::ostream& out, query const& q) { return out << q.given; }

struct answering_scene : scene {
    answering_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }

    /// What reaches the upstream of a request with these fields.
    [[nodiscard]] seen_request sent(fields more, std::string_view target = "/tts/bytes") const
    {
        more.push_back(cookie(token));
        auto const got = ask(gate.port(), request("POST", target, more, "{}"));
        BOOST_TEST(got.status == 200U);
        return upstream.requests_over(1).back();
    }

    /// What reaches the client of an answer with these fields.
    [[nodiscard]] answer received(std::string_view headers_json) const
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "do": "status", "status": 200, "body": "spoken", "headers": )" +
            std::string(headers_json) + "}]");
        return ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(request_fields, answering_scene)

BOOST_AUTO_TEST_CASE(what_is_end_to_end_passes_in_order_and_unchanged)
{
    fields const own{
        {"Cartesia-Version", "2026-03-01"       },
        {"X-Custom",         "a  b;c=\"d\""     },
        {"Accept",           "audio/wav"        },
        {"x-stainless-lang", "js"               },
        {"X-Custom",         "second"           },
        {"User-Agent",       "Cartesia/JS 4.2"  },
        {"Content-Type",     "application/json" },
        {"Origin",           "https://localhost"},
        {"Accept-Language",  "\xc3\xa9-obs-text"},
    };
    auto const seen = sent(own);
    fields passed;
    for (auto const& f : seen.all)
        if (std::ranges::any_of(own, [&](field const& o) { return o.name == f.name; })) passed.push_back(f);
    BOOST_REQUIRE(passed.size() == own.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
        BOOST_TEST(passed[i].name == own[i].name);
        BOOST_TEST(passed[i].value == own[i].value);
    }
}

BOOST_DATA_TEST_CASE(
    what_is_hop_by_hop_does_not_pass,
    data::make(
        {"Keep-Alive: timeout=canary",
         "Proxy-Connection: canary",
         "Proxy-Authorization: Basic canary",
         "Proxy-Authenticate: canary",
         "TE: canary",
         "Trailer: X-canary"}),
    line)
{
    auto const text = std::string(line);
    auto const colon = text.find(": ");
    auto const seen = sent({
        {text.substr(0, colon), text.substr(colon + 2)}
    });
    BOOST_TEST(seen.text().find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_connection_names_does_not_pass)
{
    auto const seen = sent({
        {"Connection", "x-secret, keep-alive"},
        {"X-Secret",   "canary"              },
        {"X-Other",    "stays"               }
    });
    BOOST_TEST(seen.text().find("canary") == std::string::npos);
    BOOST_TEST(seen.value("x-other") == "stays");
}

BOOST_AUTO_TEST_CASE(connection_cannot_take_away_what_the_gateway_sets)
{
    auto const seen = sent({
        {"Connection", "Authorization, Host, X-Request-Id, X-Forwarded-For, Content-Length, Cookie"}
    });
    BOOST_TEST(seen.value("authorization").starts_with("Bearer "));
    BOOST_TEST(seen.value("host") == "localhost:" + std::to_string(upstream.port()));
    BOOST_TEST(seen.value("x-forwarded-for") == "127.0.0.1");
    BOOST_TEST(seen.body == "{}");
}

BOOST_AUTO_TEST_CASE(the_clients_credentials_and_cookies_do_not_pass)
{
    auto const seen = sent({
        {"Cookie",    "theme=canary"},
        bearer("canary"), {"X-API-Key", "canary"      }
    });
    BOOST_TEST(seen.text().find("canary") == std::string::npos);
    BOOST_TEST(seen.text().find(token) == std::string::npos);
    BOOST_TEST(!seen.count("cookie"));
    BOOST_TEST(!seen.count("x-api-key"));
    BOOST_TEST(seen.count("authorization") == 1U);
}

BOOST_AUTO_TEST_CASE(what_clients_say_of_themselves_is_replaced)
{
    auto const seen = sent({
        {"X-Forwarded-For",   "6.6.6.6"    },
        {"X-Forwarded-Host",  "evil.test"  },
        {"X-Forwarded-Proto", "http"       },
        {"X-Forwarded-Port",  "666"        },
        {"Forwarded",         "for=6.6.6.6"},
        {"X-Real-IP",         "6.6.6.6"    },
        {"X-Request-Id",      "6.6.6.6"    }
    });
    BOOST_TEST(seen.text().find("6.6.6.6") == std::string::npos);
    BOOST_TEST(seen.text().find("evil.test") == std::string::npos);
    BOOST_TEST(seen.value("x-forwarded-for") == "127.0.0.1");
    BOOST_TEST(seen.count("x-forwarded-for") == 1U);
    BOOST_TEST(seen.value("x-forwarded-proto") == "https");
    BOOST_TEST(seen.count("x-request-id") == 1U);
    BOOST_TEST(!seen.count("forwarded"));
}

BOOST_AUTO_TEST_CASE(the_upstream_is_told_its_own_name_and_of_us)
{
    auto const seen = sent({
        {"Via", "1.0 someone"}
    });
    BOOST_TEST(seen.value("host") == "localhost:" + std::to_string(upstream.port()));
    BOOST_TEST(seen.count("host") == 1U);
    BOOST_TEST(seen.server_name == "localhost");
    BOOST_TEST(std::ranges::any_of(seen.all, [](field const& f) {
        return f.name == "Via" && f.value.find("voicegate") != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(names_with_underscore_or_dot_do_not_pass)
{
    auto const seen = sent({
        {"X_Forwarded_User", "canary"},
        {"X.Forwarded.User", "canary"},
        {"Authorization_",   "canary"}
    });
    BOOST_TEST(seen.text().find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_protocol_is_not_upgraded_to)
{
    auto const got =
        ask(gate.port(),
            request(
                "POST",
                "/tts/bytes",
                {
                    cookie(token),
                    {"Upgrade",        "h2c"                    },
                    {"Connection",     "Upgrade, HTTP2-Settings"},
                    {"HTTP2-Settings", "canary"                 }
    },
                "{}"));
    BOOST_TEST((got.status == 200U || got.status == 400U));
    for (auto const& seen : upstream.requests()) {
        BOOST_TEST(!seen.count("upgrade"));
        BOOST_TEST(!seen.count("http2-settings"));
    }
}

BOOST_DATA_TEST_CASE(
    the_query_passes_byte_for_byte_less_the_credential_pairs,
    data::make({
        query{"?keyterm=a+b&keyterm=a%20b&keyterm=a%2Bb", "?keyterm=a+b&keyterm=a%20b&keyterm=a%2Bb"},
        query{"?a=1&&b=2&",                               "?a=1&&b=2&"                              },
        query{"?x=%zz&y=%",                               "?x=%zz&y=%"                              },
        query{"?a=/../b//c",                              "?a=/../b//c"                             },
        query{"?",                                        "?"                                       },
        query{"?a=1&access_token=canary&b=2",             "?a=1&b=2"                                },
        query{"?access_token=canary&b=2",                 "?b=2"                                    },
        query{"?a=1&api_key=canary",                      "?a=1"                                    },
        query{"?access%5Ftoken=canary&a=1",               "?a=1"                                    },
        query{"?my_access_token=1&access_tokens=2",       "?my_access_token=1&access_tokens=2"      },
}),
    q)
{
    BOOST_TEST(sent({}, std::string("/tts/bytes") + q.given).target == std::string("/tts/bytes") + q.wanted);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(response_fields, answering_scene)

BOOST_AUTO_TEST_CASE(what_is_end_to_end_passes)
{
    auto const got = received(
        R"({"Cartesia-File-ID": "f1", "Retry-After": "9", "X-Custom": "a, b", "Access-Control-Allow-Origin": "*",
        "x-should-retry": "false", "Cache-Control": "private"})");
    BOOST_TEST(got.value("cartesia-file-id") == "f1");
    BOOST_TEST(got.value("retry-after") == "9");
    BOOST_TEST(got.value("x-custom") == "a, b");
    BOOST_TEST(got.value("x-should-retry") == "false");
    BOOST_TEST(got.value("cache-control") == "private");
    BOOST_TEST(!got.has("access-control-allow-origin")); // who may read it is the gateway's word
    BOOST_TEST(!got.value("cartesia-request-id").empty());
}

// Up to `scratch::head_room` it leaves in one piece with the body, a longer one by itself.
BOOST_DATA_TEST_CASE(a_head_of_any_length_goes_before_its_body, data::make({1, 3'000, 4'096, 7'000}), length)
{
    auto const value = std::string(static_cast<std::size_t>(length), 'x');
    auto const got = received(R"({"X-Custom": ")" + value + R"("})");
    BOOST_TEST((got.value("x-custom") == value));
    BOOST_TEST(got.body == "spoken");
    BOOST_TEST(got.whole);
}

BOOST_AUTO_TEST_CASE(set_cookie_and_hop_by_hop_fields_do_not_pass)
{
    auto const got =
        received(R"({"Set-Cookie": "canary=1", "Keep-Alive": "timeout=canary", "Proxy-Authenticate": "canary",
        "Connection": "X-Hop", "X-Hop": "canary", "Trailer": "canary"})");
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.head.find("canary") == std::string::npos, got.head);
    BOOST_TEST(!got.has("set-cookie")); // the simulator adds one to everything
}

BOOST_AUTO_TEST_CASE(the_upstreams_request_id_passes_and_stands_alone)
{
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    BOOST_TEST(got.count("x-request-id") == 1U);
    BOOST_TEST(got.value("x-request-id") == got.value("cartesia-request-id"));
    BOOST_TEST(got.value("via").find("voicegate") != std::string::npos);
    BOOST_TEST(got.value("strict-transport-security").starts_with("max-age="));
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_request_id_gets_one)
{
    // "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    upstream.faults(
        R"([{"path": "/tts/bytes", "do": "raw", "bytes_b64": "SFRUUC8xLjEgMjAwIE9LDQpDb250ZW50LUxlbmd0aDogMg0KDQpvaw=="}])");
    auto const got = ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    BOOST_TEST(got.body == "ok");
    BOOST_TEST(!got.value("x-request-id").empty());
}

BOOST_AUTO_TEST_CASE(the_upstreams_strict_transport_security_is_replaced_by_ours)
{
    auto const got = received(R"({"Strict-Transport-Security": "max-age=1"})");
    BOOST_TEST(got.count("strict-transport-security") == 1U);
    BOOST_TEST(got.value("strict-transport-security") != "max-age=1");
}

BOOST_AUTO_TEST_SUITE_END()
