#include "gateway/base/once_in.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using gateway::once_in;

BOOST_AUTO_TEST_SUITE(once_in_a_while)

BOOST_AUTO_TEST_CASE(it_happens_at_most_once_in_that_time)
{
    once_in rule(1min);
    once_in::time_point const start{5s};
    BOOST_TEST(rule.allow(start));
    BOOST_TEST(!rule.allow(start));
    BOOST_TEST(!rule.allow(start + 59s));
    BOOST_TEST(rule.allow(start + 60s));
    BOOST_TEST(!rule.allow(start + 119s)); // counted from the time that was allowed
    BOOST_TEST(rule.allow(start + 500s));
}

BOOST_AUTO_TEST_CASE(one_of_many_threads_is_let_through)
{
    once_in rule(1min);
    std::atomic<unsigned> allowed = 0;
    {
        std::vector<std::jthread> threads;
        for (auto i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (auto n = 0; n < 1000; ++n)
                    if (rule.allow(once_in::time_point{5s})) ++allowed;
            });
    }
    BOOST_TEST(allowed == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
