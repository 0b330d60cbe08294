#include "policy/expiring_table.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using policy::expiring_table;
using time_point = expiring_table::time_point;

BOOST_AUTO_TEST_SUITE(expiring_tables)

namespace {

constexpr time_point soon{1h};
constexpr std::size_t places = expiring_table::places;

/// Keys that lie in the same places, whatever the size of the table.
std::uint64_t same_places(std::uint64_t i) { return i << 32U; }

} // namespace

BOOST_AUTO_TEST_CASE(a_key_has_its_own_time)
{
    expiring_table of(64);
    of.set(1, soon);
    of.set(2, soon + 1s);
    BOOST_TEST((of.until(1) == soon));
    BOOST_TEST((of.until(2) == soon + 1s));
    BOOST_TEST((of.until(3) == time_point{}));
}

BOOST_AUTO_TEST_CASE(a_time_moves_on_and_never_back)
{
    expiring_table of(64);
    of.set(1, soon);
    of.set(1, soon + 1s);
    of.set(1, soon);
    BOOST_TEST((of.until(1) == soon + 1s));
}

BOOST_AUTO_TEST_CASE(what_is_over_first_makes_room)
{
    expiring_table of(64);
    for (std::uint64_t i = 1; i <= places; ++i)
        of.set(same_places(i), soon + i * 1s);
    of.set(same_places(100), soon + 1min);
    BOOST_TEST((of.until(same_places(1)) == time_point{}));
    BOOST_TEST((of.until(same_places(2)) == soon + 2s));
    BOOST_TEST((of.until(same_places(100)) == soon + 1min));
}

BOOST_AUTO_TEST_CASE(who_would_be_over_before_all_others_finds_no_room)
{
    expiring_table of(64);
    for (std::uint64_t i = 1; i <= places; ++i)
        of.set(same_places(i), soon + 1s);
    of.set(same_places(100), soon);
    BOOST_TEST((of.until(same_places(100)) == time_point{}));
    BOOST_TEST((of.until(same_places(1)) == soon + 1s));
}

BOOST_AUTO_TEST_CASE(however_many_come_no_more_are_kept)
{
    expiring_table of(100); // rounded up to 16 sets of 8
    constexpr std::uint64_t spread = 0x9e3779b97f4a7c15U;
    for (std::uint64_t i = 1; i <= 100'000; ++i)
        of.set(i * spread, soon + i * 1ms);
    auto kept = 0U;
    for (std::uint64_t i = 1; i <= 100'000; ++i)
        if (of.until(i * spread) != time_point{}) ++kept;
    BOOST_TEST(kept <= 128U);
    BOOST_TEST((of.until(100'000 * spread) == soon + 100'000ms));
}

BOOST_AUTO_TEST_SUITE_END()
