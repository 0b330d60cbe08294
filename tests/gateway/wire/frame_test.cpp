#include "tests/gateway/wire/frames.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <utility>
#include <vector>

namespace data = boost::unit_test::data;
using namespace gateway::wire;
using namespace gateway::wire::test;

namespace {

constexpr auto up = flow::from_client;
constexpr auto down = flow::from_server;

struct flaw_case {
    char const* name;
    std::string before; ///< frames that pass
    std::string flawed;
    close_code code;
    flow way = up;
};

std::ostream& operator<<(std::ostream& out, flaw_case const& c) { return out << c.name; }

std::string header(std::initializer_list<unsigned> bytes)
{
    std::string out;
    for (auto const byte : bytes)
        out += static_cast<char>(byte);
    return out;
}

std::vector<flaw_case> flaws()
{
    using enum close_code;
    auto const hello = frame(up, 0x81, "hello");
    std::vector<flaw_case> cases{
        {"client without mask",     hello,           frame(down,                                                                                    0x81,"x"), protocol_error},
        {                                             "server with mask",               frame(down,            0x81,                                                                                          "x"),frame(up, 0x81,"x"), protocol_error, down},
        {                               "fragmented ping",                         "",                        frame(up,                                                                                           0x09,"x"),protocol_error},
        {"long ping",               hello,           frame(up,                                                                                      0x89,std::string(126,'x')),protocol_error},
        {                                                             "continuation of nothing", hello,           frame(up,                                                                                      0x80,"x"), protocol_error},
        {"continuation after the end",
         frame(up,                             0x01,                                                                               "x") + frame(up,0x80, "x"),
         frame(up, 0x00, ""),
         protocol_error},
        {"text inside of a message",            frame(up,                           0x01,                                                                                               "x"),frame(up,0x81,"x"), protocol_error},
        {"binary inside of a message",
         frame(up,                      0x02,                                                                                                                   "x") + frame(up,0x89,""),
         frame(up, 0x02, "x"),
         protocol_error},
        {"125 in 2 bytes",                      hello,                                   frame(up,                                                                                                                            0x82,std::string(125,'x'),length_form::in_2), protocol_error},
        {                                                                                                                                     "65535 in 8 bytes",
         hello,frame(up,0x82,std::string(65535,'x'),length_form::in_8),
         protocol_error},
        {"64-bit length",                     hello,                                   header({0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4}),                                                                                                                                                                                protocol_error                                                                                                                                                                               },
        {"huge frame",
         hello, header({0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}),
         too_big},
        {"frame over its limit",                   hello,                                  frame(up,                                                                                                          0x82,                                                                                                                                                                                                                                                                                std::string(1001,                                                                                                                                                                                                                                                                                                                                                  'x')),                                                                                                                                                                                                                                                                                                                                                        too_big},
        {"message over its limit",
         frame(up,                                 0x02,                                                                                                       std::string(800,'x')) + frame(up,0x00,std::string(800, 'x')),
         frame(up, 0x80, std::string(401, 'x')),
         too_big},
        {"close of one byte",          hello,                    frame(up,                                                                                                                                  0x88,"x"),                                                                                                                                                                                                                                           protocol_error},
        {"close with a broken reason",       hello,        frame(up,                                                                          0x88,closing(1000,"\xc3(")),invalid_text},
        {"close with a cut reason",              hello,              frame(up,                              0x88,                                                                              closing(1000,"\xe2\x82")),invalid_text},
        {                                                                                                                                                                                                                                                                                                                                                    "close with 1005",       hello, frame(down,                                                             0x88,closing(1005)),protocol_error,down},
    };
    cases.back().before = frame(down, 0x81, "hello");
    for (unsigned const bit : {0x40U, 0x20U, 0x10U})
        cases.push_back({"RSV bit", hello, frame(up, 0x81U | bit, "x"), protocol_error});
    for (unsigned const opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U})
        cases.push_back({"reserved opcode", hello, frame(up, 0x80U | opcode, "x"), protocol_error});
    for (unsigned const code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 2000U, 2999U, 5000U, 65535U})
        cases.push_back({"close code", hello, frame(up, 0x88, closing(code)), protocol_error});
    return cases;
}

constexpr frame_limits small_limits{1000, 2000};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_frame)

BOOST_DATA_TEST_CASE(no_byte_of_a_flawed_frame_passes_however_it_comes, data::make(flaws()), c)
{
    for (std::size_t const step : {1U, 2U, 3U, 5U, 7U, 100U, 100'000U}) {
        frame_follower follower{c.way, small_limits};
        auto const got = follow(follower, c.before + c.flawed + "more", [step] { return step; });
        BOOST_TEST(got.out == c.before);
        BOOST_REQUIRE(got.flaw.has_value());
        BOOST_TEST((*got.flaw == c.code));
        auto const again = follower.feed(std::string_view{"\x81\x80zzzz"});
        BOOST_TEST(again.flaw.has_value());
        BOOST_TEST(again.pass == 0U);
    }
}

BOOST_AUTO_TEST_CASE(whole_frames_pass_straight_from_the_input)
{
    std::string const bytes = frame(up, 0x01, "he") + frame(up, 0x89, "ping") + frame(up, 0x80, "llo") +
                              frame(up, 0x82, std::string(300, 'x')) + frame(up, 0x81, "");
    frame_follower follower{up, {}};
    auto const got = follower.feed(bytes);
    BOOST_TEST(got.held.empty());
    BOOST_TEST(got.skip == 0U);
    BOOST_TEST(got.pass == bytes.size());
    BOOST_TEST(got.consumed == bytes.size());
    BOOST_TEST(follower.messages() == 3U);
    BOOST_TEST(follower.at_boundary());
}

BOOST_AUTO_TEST_CASE(payload_passes_as_it_comes_and_headers_wait)
{
    auto const bytes = frame(up, 0x82, "payload");
    frame_follower follower{up, {}};
    auto got = follower.feed(std::string_view{bytes}.substr(0, 5));
    BOOST_TEST(got.pass == 0U);
    BOOST_TEST(got.consumed == 5U);
    BOOST_TEST(follower.at_boundary()); // a Close may still go in: nothing of the frame has passed
    got = follower.feed(std::string_view{bytes}.substr(5, 3));
    BOOST_TEST(got.held == bytes.substr(0, 6));
    BOOST_TEST(got.skip == 1U);
    BOOST_TEST(got.pass == 2U);
    BOOST_TEST(!follower.at_boundary());
    got = follower.feed(std::string_view{bytes}.substr(8));
    BOOST_TEST(got.pass == 5U);
    BOOST_TEST(follower.at_boundary());
    BOOST_TEST(follower.messages() == 1U);
}

BOOST_AUTO_TEST_CASE(what_follows_a_held_header_can_be_fed_again)
{
    auto const first = frame(up, 0x81, "a");
    auto const ping = frame(up, 0x89, "ping");
    frame_follower follower{up, {}};
    BOOST_TEST(follower.feed(std::string_view{first}.substr(0, 1)).consumed == 1U);
    auto const input = first.substr(1) + ping.substr(0, 4);
    auto const got = follower.feed(input);
    BOOST_TEST(got.held == first.substr(0, 6));
    BOOST_TEST(got.consumed == first.size() - 1); // `held` is in use, so the ping's beginning stays outside
    BOOST_TEST(follower.feed(std::string_view{input}.substr(got.consumed)).consumed == 4U);
    BOOST_TEST(follower.feed(std::string_view{ping}.substr(4)).held == ping);
}

BOOST_AUTO_TEST_CASE(the_limits_are_the_last_that_passes)
{
    auto const bytes = frame(up, 0x02, std::string(1000, 'x')) + frame(up, 0x80, std::string(1000, 'x')) +
                       frame(up, 0x82, std::string(1000, 'x'));
    frame_follower follower{up, small_limits};
    auto const got = follower.feed(bytes);
    BOOST_TEST(!got.flaw.has_value());
    BOOST_TEST(got.pass == bytes.size());
}

BOOST_AUTO_TEST_CASE(a_close_is_the_last_that_passes)
{
    for (auto const way : {up, down})
        for (std::size_t const step : {1U, 4U, 1000U}) {
            auto const bytes = frame(way, 0x81, "x") + frame(way, 0x88, closing(4001, "b\xc3\xa9"));
            frame_follower follower{way, {}};
            auto const got = follow(follower, bytes + frame(way, 0x81, "y"), [step] { return step; });
            BOOST_TEST(got.out == bytes);
            BOOST_TEST(got.closed);
            BOOST_TEST(!got.flaw.has_value());
            BOOST_TEST(static_cast<unsigned>(follower.closing_code()) == 4001U);
        }
}

BOOST_AUTO_TEST_CASE(close_codes_that_may_be_sent_pass)
{
    for (unsigned const code :
         {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U, 1013U, 1014U, 3000U, 4999U}) {
        frame_follower follower{up, {}};
        auto const got = follower.feed(frame(up, 0x88, closing(code, std::string(123, 'r'))));
        BOOST_TEST(got.closed);
        BOOST_TEST(static_cast<unsigned>(follower.closing_code()) == code);
    }
    frame_follower follower{up, {}};
    BOOST_TEST(follower.feed(frame(up, 0x88, "")).closed);
    BOOST_TEST((follower.closing_code() == close_code::none));
}

BOOST_AUTO_TEST_CASE(a_pong_that_is_expected_does_not_pass_however_it_comes)
{
    constexpr ping_payload ours{'o', 'u', 'r', ' ', 'p', 'i', 'n', 'g'};
    auto const before = frame(up, 0x01, "half a message");
    auto const pong = frame(up, 0x8a, "our ping");
    auto const behind =
        frame(up, 0x80, "the other half") + frame(up, 0x8a, "another") + frame(up, 0x89, "our ping");
    auto const all = before + pong + behind;
    for (std::size_t size = 1; size <= all.size(); ++size) {
        frame_follower follower(up, {});
        follower.expect_pong(ours);
        auto const got = follow(follower, all, [size] { return size; });
        BOOST_TEST(got.out == before + behind, "in pieces of " << size);
        BOOST_TEST(!got.flaw.has_value());
        BOOST_TEST(follower.messages() == 1U);
    }
    for (std::size_t at = 1; at < all.size(); ++at) {
        frame_follower follower(up, {});
        follower.expect_pong(ours);
        bool first = true;
        auto const got =
            follow(follower, all, [&] { return std::exchange(first, false) ? at : all.size() - at; });
        BOOST_TEST(got.out == before + behind, "cut at " << at);
    }
}

BOOST_AUTO_TEST_CASE(a_pong_is_taken_out_once_and_none_that_is_not_expected)
{
    auto const pong = frame(up, 0x8a, "our ping");
    auto const whole = [&] { return std::size_t{1'000}; };
    frame_follower follower(up, {});
    BOOST_TEST(follow(follower, pong, whole).out == pong);
    follower.expect_pong({'o', 'u', 'r', ' ', 'p', 'i', 'n', 'g'});
    for (auto const& other :
         {frame(up, 0x8a, "our pin"),
          frame(up, 0x8a, "our pinG"),
          frame(up, 0x89, "our ping"),
          frame(up, 0x82, "our ping")})
        BOOST_TEST(follow(follower, other, whole).out == other);
    BOOST_TEST(follow(follower, pong + pong, whole).out == pong);
}

BOOST_AUTO_TEST_SUITE_END()
