#include "gateway/ticket_rotation.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ticket_rotations)

BOOST_AUTO_TEST_CASE(keys_turn_again_and_again)
{
    unsigned drawn = 0;
    certs::ticket_keys keys([&](std::span<std::uint8_t> out) {
        ++drawn;
        certs::system_random(out);
    });
    auto const for_one_key = drawn;
    BOOST_TEST(for_one_key > 0U);
    boost::asio::io_context control;
    gateway::ticket_rotation rotation(control, keys, 5ms);
    control.poll();
    BOOST_TEST(drawn == for_one_key); // not before it is started
    control.restart();
    rotation.start();
    auto const until = std::chrono::steady_clock::now() + 10s;
    while (drawn < 4 * for_one_key && control.run_one_until(until) != 0) {
    }
    BOOST_TEST(drawn == 4 * for_one_key);
}

BOOST_AUTO_TEST_CASE(they_rest_in_between)
{
    unsigned drawn = 0;
    certs::ticket_keys keys([&](std::span<std::uint8_t> out) {
        ++drawn;
        certs::system_random(out);
    });
    auto const at_first = drawn;
    boost::asio::io_context control;
    gateway::ticket_rotation rotation(control, keys, 1h);
    rotation.start();
    control.poll();
    BOOST_TEST(drawn == at_first);
}

BOOST_AUTO_TEST_SUITE_END()
