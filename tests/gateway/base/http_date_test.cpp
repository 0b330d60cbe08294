#include "gateway/base/http_date.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string_view>

namespace {

struct moment {
    long long seconds;
    std::string_view text;
    friend std::ostream& operator<<(std::ostream& out, moment const& m) { return out << m.text; }
};

// As `date -u -d @SECONDS` has them.
constexpr std::array moments{
    moment{0,               "Thu, 01 Jan 1970 00:00:00 GMT"},
    moment{784'111'777,     "Sun, 06 Nov 1994 08:49:37 GMT"}, // RFC 9110's own
    moment{951'782'399,     "Mon, 28 Feb 2000 23:59:59 GMT"},
    moment{951'782'400,     "Tue, 29 Feb 2000 00:00:00 GMT"},
    moment{1'800'000'000,   "Fri, 15 Jan 2027 08:00:00 GMT"},
    moment{1'798'761'599,   "Thu, 31 Dec 2026 23:59:59 GMT"},
    moment{4'107'542'400,   "Mon, 01 Mar 2100 00:00:00 GMT"},
    moment{253'402'300'799, "Fri, 31 Dec 9999 23:59:59 GMT"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(base_http_date)

BOOST_DATA_TEST_CASE(a_date_has_29_bytes_in_one_form, boost::unit_test::data::make(moments), m)
{
    std::string out = "Date: ";
    gateway::append_http_date(out, std::chrono::sys_seconds(std::chrono::seconds(m.seconds)));
    BOOST_TEST(out == "Date: " + std::string(m.text));
}

BOOST_DATA_TEST_CASE(what_was_written_is_read, boost::unit_test::data::make(moments), m)
{
    auto const read = gateway::read_http_date(m.text);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->time_since_epoch().count() == m.seconds);
}

BOOST_AUTO_TEST_CASE(what_is_no_such_date_is_not_read)
{
    for (auto const* text :
         {"",
          "Sun, 06 Nov 1994 08:49:37",
          "Mon, 06 Nov 1994 08:49:37 GMT", // a Sunday
          "Sun, 06 nov 1994 08:49:37 GMT",
          "Sun, 31 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:4 :37 GMT",
          "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun,  6 Nov 1994 08:49:37 GMT",
          "Sunday, 06-Nov-94 08:49:37 GM"})
        BOOST_TEST(!gateway::read_http_date(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
