#include "gateway/edge/even_pace.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using gateway::edge::even_pace;

namespace {

constexpr even_pace::clock::time_point begin{1h};

} // namespace

BOOST_AUTO_TEST_SUITE(even_paces)

BOOST_AUTO_TEST_CASE(things_become_due_evenly_and_each_once)
{
    even_pace pace(1'000, begin, 10s);
    BOOST_TEST(pace.due(begin) == 1U);
    BOOST_TEST(pace.due(begin) == 0U);
    std::size_t done = 1;
    for (auto at = 125ms; at < 10s; at += 125ms) {
        auto const now = pace.due(begin + at);
        BOOST_TEST(now >= 12U);
        BOOST_TEST(now <= 13U);
        done += now;
    }
    BOOST_TEST(done + pace.due(begin + 10s) == 1'000U);
    BOOST_TEST(pace.due(begin + 11s) == 0U);
}

BOOST_AUTO_TEST_CASE(who_is_late_catches_up)
{
    even_pace pace(10, begin, 10s);
    BOOST_TEST(pace.due(begin + 5s) == 6U);
    BOOST_TEST(pace.due(begin + 1min) == 4U);
}

BOOST_AUTO_TEST_CASE(in_no_time_all_are_due_at_once)
{
    even_pace pace(7, begin, 0s);
    BOOST_TEST(pace.due(begin) == 7U);
    even_pace none(0, begin, 10s);
    BOOST_TEST(none.due(begin) == 0U);
    BOOST_TEST(none.due(begin + 10s) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
