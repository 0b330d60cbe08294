#include "gateway/upstream/back_off.hpp"

#include <boost/test/unit_test.hpp>

using gateway::upstream::back_off;
using namespace std::chrono_literals;

namespace {

struct refused {
    double random = 0;
    back_off waits{[this] { return random; }};
    back_off::time_point now{100h};

    [[nodiscard]] std::chrono::milliseconds rest_after_failure()
    {
        waits.failed(now);
        return waits.rest(now);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(back_off_of_what_is_not_urgent, refused)

BOOST_AUTO_TEST_CASE(without_a_failure_there_is_no_rest) { BOOST_TEST((waits.rest(now) == 0ms)); }

BOOST_AUTO_TEST_CASE(the_rest_doubles_up_to_half_a_minute)
{
    for (auto const expected : {500ms, 1'000ms, 2'000ms, 4'000ms, 8'000ms, 16'000ms, 30'000ms, 30'000ms}) {
        auto const rest = rest_after_failure();
        BOOST_TEST((rest == expected));
        now += rest;
        BOOST_TEST((waits.rest(now) == 0ms));
    }
}

BOOST_AUTO_TEST_CASE(it_is_shorter_by_a_random_part)
{
    random = 0.5;
    BOOST_TEST((rest_after_failure() == 475ms));
}

BOOST_AUTO_TEST_CASE(a_minute_without_a_failure_forgets_them)
{
    for (auto i = 0; i < 10; ++i)
        (void)rest_after_failure();
    now += 59s;
    BOOST_TEST((rest_after_failure() == 30s));
    now += 60s;
    BOOST_TEST((rest_after_failure() == 500ms));
}

BOOST_AUTO_TEST_SUITE_END()
