// What a client sees when the upstream fails: 502 or 504 before the first byte, a visible cut after it.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

std::string base64(std::string_view bytes)
{
    std::string out(4 * ((bytes.size() + 2) / 3), '\0');
    EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<unsigned char const*>(bytes.data()),
        static_cast<int>(bytes.size()));
    return out;
}

std::string raw_answer(std::string_view bytes)
{
    return R"([{"path": "/tts/bytes", "times": -1, "do": "raw", "bytes_b64": ")" + base64(bytes) + "\"}]";
}

struct malformed {
    char const* name;
    std::string_view bytes;
};

std::ostream& operator<<(std::ostream& out, malformed const& m) { return out << m.name; }

using namespace std::string_view_literals;

std::initializer_list<malformed> const malformed_answers{
    {"two lengths",                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 7\r\n\r\ncanary"sv},
    {"length and chunks",
     "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ncanary\r\n0\r\n\r\n"sv   },
    {"unknown coding",             "HTTP/1.1 200 OK\r\nTransfer-Encoding: canary\r\n\r\ncanary"sv             },
    {"bare line feeds",            "HTTP/1.1 200 OK\nContent-Length: 6\n\ncanary"sv                           },
    {"a folded line",              "HTTP/1.1 200 OK\r\nX-A: a\r\n canary\r\nContent-Length: 0\r\n\r\n"sv      },
    {"no status",                  "HTTP/1.1 OK\r\nContent-Length: 6\r\n\r\ncanary"sv                         },
    {"another version",            "HTTP/2.0 200 OK\r\nContent-Length: 6\r\n\r\ncanary"sv                     },
    {"a name with a space",        "HTTP/1.1 200 OK\r\nX A: canary\r\nContent-Length: 0\r\n\r\n"sv            },
    {"NUL in a value",             "HTTP/1.1 200 OK\r\nX-A: can\0ary\r\nContent-Length: 0\r\n\r\n"sv          },
    {"carriage return in a value", "HTTP/1.1 200 OK\r\nX-A: a\rX-B: canary\r\nContent-Length: 0\r\n\r\n"sv    },
    {"a negative length",          "HTTP/1.1 200 OK\r\nContent-Length: -6\r\n\r\ncanary"sv                    },
    {"no HTTP at all",             "SSH-2.0-canary\r\n\r\n"sv                                                 },
    {"101 that nobody asked for",
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\ncanary"sv          },
    {"nothing but informational",  "HTTP/1.1 103 Early Hints\r\n\r\n"sv                                       },
    {"half a head",                "HTTP/1.1 200 OK\r\nX-A: canary"sv                                         },
    {"nothing",                    ""sv                                                                       },
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(upstream_failures, scene)

BOOST_DATA_TEST_CASE(a_malformed_answer_is_502_and_nothing_of_it_passes, data::make(malformed_answers), wrong)
{
    upstream.faults(raw_answer(wrong.bytes));
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 502U);
    BOOST_TEST((got.head + got.body).find("canary") == std::string::npos);
    one.receive_to_end();
    BOOST_TEST(one.inbox.empty());
}

BOOST_AUTO_TEST_CASE(eight_informational_answers_pass_and_no_more)
{
    auto const behind = [&](std::size_t hints) {
        std::string bytes;
        for (std::size_t i = 0; i < hints; ++i)
            bytes += "HTTP/1.1 103 Early Hints\r\n\r\n";
        upstream.faults(raw_answer(bytes + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        client one(gate.port());
        one.send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
        return read_answer(one);
    };
    auto const eight = behind(8);
    BOOST_TEST(eight.status == 200U);
    BOOST_TEST(eight.informational.size() == 8U);
    BOOST_TEST(behind(9).status == 502U);
}

BOOST_AUTO_TEST_CASE(an_answer_with_a_head_that_is_too_large_is_502)
{
    upstream.faults(raw_answer(
        "HTTP/1.1 200 OK\r\nX-Long: " + std::string(40'000, 'a') + "\r\nContent-Length: 0\r\n\r\n"));
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}")).status == 502U);
}

BOOST_AUTO_TEST_CASE(bytes_behind_a_complete_answer_reach_nobody)
{
    upstream.faults(
        R"([{"path": "/tts/bytes", "times": 1, "do": "raw", "close": false, "bytes_b64": ")" +
        base64("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: "
               "6\r\n\r\ncanary") +
        "\"}]");
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    BOOST_TEST(read_answer(one).body == "ok");
    for (auto i = 0; i < 4; ++i) {
        one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
        auto const got = read_answer(one);
        BOOST_TEST(got.status == 200U);
        BOOST_TEST(got.body.find("canary") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_reset_before_the_answer_is_502)
{
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "reset_before_answer"}])");
    auto const got =
        ask(gate.port(),
            request(
                "POST",
                "/tts/bytes",
                {
                    cookie(token), {"Cartesia-Version", "2026-03-01"}
    },
                "{}"));
    BOOST_TEST(got.status == 502U);
    BOOST_TEST(got.value("content-type") == "application/problem+json");
}

BOOST_DATA_TEST_CASE(
    a_failure_after_the_first_byte_is_a_visible_cut,
    data::make(
        {R"({"do": "reset_after_bytes", "bytes": 3000)",
         R"({"do": "truncate_chunk")",
         R"({"do": "truncate_no_close_notify")"}),
    how)
{
    upstream.faults(std::string("[") + how + R"(, "path": "/tts/bytes", "times": -1}])");
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, speech()));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(!got.whole);
    BOOST_TEST((one.how_ended() == ending::truncated || one.how_ended() == ending::reset)); // no close_notify
    BOOST_TEST(one.inbox.find(last_chunk) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_truncated_body_of_known_length_is_a_visible_cut)
{
    upstream.faults(raw_answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it"));
    client one(gate.port());
    one.send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
    auto const got = read_answer(one);
    BOOST_TEST(got.body == "half of it");
    BOOST_TEST(!got.whole);
    BOOST_TEST((one.how_ended() == ending::truncated || one.how_ended() == ending::reset));
}

BOOST_AUTO_TEST_CASE(a_body_without_length_that_is_cut_without_close_notify_is_a_visible_cut)
{
    upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "truncate_close_delimited"}])");
    for (auto const* version : {"HTTP/1.1", "HTTP/1.0"}) {
        client one(gate.port());
        auto text = request("POST", "/tts/bytes", {cookie(token)}, speech());
        text.replace(text.find("HTTP/1.1"), 8, version);
        one.send(text);
        auto const got = read_answer(one);
        BOOST_TEST(got.status == 200U);
        BOOST_TEST(!got.body.empty());
        BOOST_TEST(!got.whole);
        BOOST_TEST((one.how_ended() == ending::truncated || one.how_ended() == ending::reset));
        BOOST_TEST(one.inbox.find(last_chunk) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_is_504)
{
    auto hasty = at.another(R"({"limits": {"upstream_answer": "300ms"}})");
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hang"}])");
    auto const got = ask(hasty.port(), request("POST", "/tts/bytes", {cookie(hasty.mint("tts"))}, "{}"));
    BOOST_TEST(got.status == 504U);
    BOOST_TEST(upstream.requests_over(1).front().aborted);
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_coming_is_a_visible_cut)
{
    auto hasty = at.another(R"({"limits": {"stream_stall": "300ms"}})");
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])");
    client one(hasty.port());
    one.send(request("POST", "/tts/bytes", {cookie(hasty.mint("tts"))}, speech()));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(!got.whole);
    BOOST_TEST((one.how_ended() == ending::truncated || one.how_ended() == ending::reset));
    BOOST_TEST(upstream.requests_over(1).front().aborted);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_is_cut_after_the_limit)
{
    auto hasty = at.another(R"({"limits": {"write_stall": "300ms"}})");
    upstream.faults(R"([{"path": "/tts/bytes", "do": "big_body", "bytes": 67108864}])");
    client_options slow;
    slow.receive_buffer = 16 * 1024;
    client one(hasty.port(), slow);
    one.send(request("POST", "/tts/bytes", {cookie(hasty.mint("tts"))}, "{}"));
    BOOST_TEST(upstream.requests_over(1).front().aborted);
    upstream.await_state("open_http", 0);
}

BOOST_AUTO_TEST_CASE(errors_of_the_upstream_pass_as_they_are)
{
    for (auto const status : {400U, 402U, 429U, 500U, 503U}) {
        upstream.faults(
            R"([{"path": "/tts/bytes", "do": "status", "status": )" + std::to_string(status) +
            R"(, "body": "its own words", "headers": {"Retry-After": "7"}}])");
        auto const got = ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, "{}"));
        BOOST_TEST(got.status == status);
        BOOST_TEST(got.body == "its own words");
        BOOST_TEST(got.value("retry-after") == "7");
    }
}

BOOST_AUTO_TEST_CASE(an_upstream_that_is_not_there_is_502)
{
    // A port on which nobody listens: of a gateway that has ended.
    std::uint16_t dead = 0;
    {
        auto gone = at.another("{}");
        dead = gone.port();
    }
    auto const url = R"({"upstream": {"credential": "api_key", "url": "https://localhost:)" +
                     std::to_string(dead) + "\"}}";
    auto lonely = at.another(url);
    auto const got = ask(lonely.port(), request("POST", "/tts/bytes", {cookie(lonely.mint("tts"))}, "{}"));
    BOOST_TEST(got.status == 502U);
}

struct bad_certificate {
    char const* name;
    leaf made;
    bool own_authority;
};

std::ostream& operator<<(std::ostream& out, bad_certificate const& c) { return out << c.name; }

BOOST_DATA_TEST_CASE(
    an_upstream_that_is_not_who_it_should_be_is_502_and_learns_no_credential,
    data::make(std::initializer_list<bad_certificate>{
        {"another name",      {.name = "evil.test"},                          true },
        {"expired",           {.valid_from_days = -20, .valid_for_days = 10}, true },
        {"not yet valid",     {.valid_from_days = 5, .valid_for_days = 10},   true },
        {"another authority", {},                                             false}
}),
    wrong)
{
    scratch_directory const here;
    authority stranger;
    (wrong.own_authority ? at.ca : stranger).issue(wrong.made, here.path("a.pem"), here.path("a.key"));
    simulator const impostor(here, here.path("a.pem"), here.path("a.key"));
    auto const url = R"({"upstream": {"credential": "api_key", "url": "https://localhost:)" +
                     std::to_string(impostor.port()) + "\"}}";
    auto careful = at.another(url);
    auto const got = ask(careful.port(), request("POST", "/tts/bytes", {cookie(careful.mint("tts"))}, "{}"));
    BOOST_TEST(got.status == 502U);
    BOOST_TEST(impostor.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
