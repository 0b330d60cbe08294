#include "gateway/upstream/demand.hpp"

#include <boost/test/unit_test.hpp>

using gateway::upstream::demand;
using namespace std::chrono_literals;

namespace {

struct observed {
    void take(int count)
    {
        for (auto i = 0; i < count; ++i)
            seen.taken(now);
    }
    void give_back(int count)
    {
        for (auto i = 0; i < count; ++i)
            seen.returned(now);
    }

    demand seen{30s};
    demand::time_point now{100h};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(demand_estimate, observed)

BOOST_AUTO_TEST_CASE(nothing_is_wanted_where_nothing_was_asked_for)
{
    BOOST_TEST(seen.peak(now) == 0U);
    BOOST_TEST(seen.at_hand(now) == 0U);
}

BOOST_AUTO_TEST_CASE(the_peak_is_what_was_out_at_once)
{
    for (auto i = 0; i < 50; ++i) { // one after the other is one at once
        take(1);
        give_back(1);
    }
    BOOST_TEST(seen.peak(now) == 1U);
    take(5);
    BOOST_TEST(seen.peak(now) == 5U);
}

BOOST_AUTO_TEST_CASE(what_is_out_will_come_back_and_need_not_be_at_hand)
{
    take(4);
    BOOST_TEST(seen.at_hand(now) == 0U);
    give_back(3);
    BOOST_TEST(seen.at_hand(now) == 3U);
}

BOOST_AUTO_TEST_CASE(what_stays_out_does_not_come_back)
{
    take(8); // WebSockets
    now += 10s;
    BOOST_TEST(
        seen.at_hand(now) == 6U); // 8 less a fifth that has faded, and next to nothing still counts as out
    BOOST_TEST(seen.peak(now) == 6U);
}

BOOST_AUTO_TEST_CASE(the_peak_fades_by_half_in_a_half_life)
{
    take(8);
    give_back(8);
    now += 30s;
    BOOST_TEST(seen.peak(now) == 4U);
    now += 30s;
    BOOST_TEST(seen.peak(now) == 2U);
    now += 10min;
    BOOST_TEST(seen.peak(now) == 0U);
    BOOST_TEST(seen.at_hand(now) == 0U);
}

BOOST_AUTO_TEST_CASE(more_may_come_back_than_was_taken)
{
    give_back(3); // opened before there was any demand
    BOOST_TEST(seen.at_hand(now) == 0U);
    take(1);
    BOOST_TEST(seen.peak(now) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
