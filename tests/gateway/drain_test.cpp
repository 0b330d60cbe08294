#include "gateway/drain.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(drains)

BOOST_AUTO_TEST_CASE(steps_are_taken_in_order_each_at_its_time)
{
    std::string taken;
    auto const note = [&](char step) { return [&taken, step] { taken += step; }; };
    boost::asio::io_context control;
    gateway::drain one(control);
    BOOST_TEST(!one.begun());

    auto const begin = std::chrono::steady_clock::now();
    one.begin({
        {0ms,  note('a')},
        {0ms,  note('b')},
        {40ms, note('c')},
        {80ms, note('d')}
    });
    BOOST_TEST(one.begun());
    BOOST_TEST(taken == "ab");
    BOOST_TEST((one.left() <= 80ms));
    control.run_for(10s);
    BOOST_TEST(taken == "abcd");
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 80ms));
    BOOST_TEST((one.left() == 0ms));
}

BOOST_AUTO_TEST_SUITE_END()
