#include "gateway/wire/close_frame.hpp"
#include "tests/gateway/wire/frames.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

namespace data = boost::unit_test::data;
using namespace gateway::wire;
using namespace gateway::wire::test;

namespace {

struct text_case {
    std::string_view reason;
    bool accepted;
};

std::ostream& operator<<(std::ostream& out, text_case const& c) { return out << '"' << c.reason << '"'; }

constexpr std::array texts{
    text_case{"plain",            true },
    text_case{"\xc2\x80",         true },
    text_case{"\xdf\xbf",         true },
    text_case{"\xe0\xa0\x80",     true },
    text_case{"\xed\x9f\xbf",     true },
    text_case{"\xee\x80\x80",     true },
    text_case{"\xf0\x90\x80\x80", true },
    text_case{"\xf4\x8f\xbf\xbf", true },
    text_case{"\x80",             false},
    text_case{"\xc0\xaf",         false},
    text_case{"\xc1\xbf",         false},
    text_case{"\xc2",             false},
    text_case{"\xc2\x41",         false},
    text_case{"\xe0\x9f\xbf",     false},
    text_case{"\xe2\x82",         false},
    text_case{"\xed\xa0\x80",     false},
    text_case{"\xf0\x8f\xbf\xbf", false},
    text_case{"\xf4\x90\x80\x80", false},
    text_case{"\xf5\x80\x80\x80", false},
    text_case{"\xff",             false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_close_frame)

BOOST_DATA_TEST_CASE(a_reason_is_utf8, data::make(texts), c)
{
    auto const got = read_close(closing(1000, c.reason), {});
    BOOST_TEST(got.flaw.has_value() != c.accepted);
    if (got.flaw) BOOST_TEST((*got.flaw == close_code::invalid_text));
}

BOOST_AUTO_TEST_CASE(a_close_is_made_with_and_without_mask)
{
    BOOST_TEST(
        make_close(close_code::policy, "ended") == frame(flow::from_server, 0x88, closing(1008, "ended")));
    std::array<std::uint8_t, 4> const key{0x12, 0xf0, 0x55, 0x81};
    BOOST_TEST(
        make_close(close_code::restart, "ended", key) ==
        frame(flow::from_client, 0x88, closing(1012, "ended")));
    BOOST_TEST(make_close(close_code::going_away, "") == frame(flow::from_server, 0x88, closing(1001)));
}

BOOST_AUTO_TEST_CASE(codes_that_are_no_words_make_an_empty_close)
{
    for (auto const code : {close_code::none, close_code::abnormal})
        BOOST_TEST(make_close(code, "reason") == frame(flow::from_server, 0x88, ""));
}

BOOST_AUTO_TEST_CASE(a_long_reason_is_cut_between_characters)
{
    for (std::size_t lead = 0; lead < 8; ++lead) {
        std::string reason(lead, 'x');
        while (reason.size() < 200)
            reason += "\xe2\x82\xac";
        auto const made = make_close(close_code::normal, reason);
        BOOST_TEST(made.size() <= 127U);
        BOOST_TEST(made.size() >= 125U);
        frame_follower follower{flow::from_server, {}};
        auto const got = follower.feed(made);
        BOOST_TEST(got.closed);
        BOOST_TEST(got.pass == made.size());
    }
}

BOOST_AUTO_TEST_CASE(the_accept_value_is_that_of_the_rfc)
{
    BOOST_TEST(accept_for("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

BOOST_AUTO_TEST_SUITE_END()
