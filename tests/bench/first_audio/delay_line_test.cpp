#include "tests/bench/first_audio/delay_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using first_audio::delay_line;
using first_audio::steady;

namespace {

constexpr steady::time_point start{1000s};

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_line_never_has_anything_due)
{
    delay_line const line(20ms, start);
    BOOST_TEST((line.due() == steady::time_point::max()));
    BOOST_TEST(!line.full());
}

BOOST_AUTO_TEST_CASE(what_enters_leaves_one_delay_later_in_the_same_order)
{
    delay_line line(20ms, start);
    line.enter("one", start + 1ms);
    line.enter("two", start + 4ms);
    line.enter_end(start + 5ms);
    BOOST_TEST((line.due() == start + 21ms));
    BOOST_TEST(line.leave() == "one");
    BOOST_TEST((line.due() == start + 24ms));
    BOOST_TEST(line.leave() == "two");
    BOOST_TEST((line.due() == start + 25ms));
    BOOST_TEST(line.leave() == "");
}

BOOST_AUTO_TEST_CASE(what_enters_before_the_connection_is_made_sets_out_when_it_is)
{
    delay_line line(20ms, start + 40ms);
    line.enter("early", start);
    line.enter("late", start + 50ms);
    BOOST_TEST((line.due() == start + 60ms));
    BOOST_TEST(line.leave() == "early");
    BOOST_TEST((line.due() == start + 70ms));
}

BOOST_AUTO_TEST_CASE(a_line_holds_so_many_pieces_and_the_end)
{
    delay_line line(20ms, start);
    for (std::size_t i = 0; i < delay_line::pieces_max; ++i) {
        BOOST_TEST(!line.full());
        line.enter("x", start);
    }
    BOOST_TEST(line.full());
    line.enter_end(start);
    BOOST_TEST(line.leave() == "x");
    BOOST_TEST(line.leave() == "x");
    BOOST_TEST(!line.full());
}
