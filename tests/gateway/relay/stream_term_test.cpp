#include "gateway/relay/stream_term.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct term final : relay::stream_term {
    milliseconds more{0};
    int asked = 0;
    milliseconds left() override
    {
        ++asked;
        return std::exchange(more, milliseconds{0});
    }
};

struct scene {
    std::chrono::steady_clock::time_point time{};
    wake_queue wakes;
    waker wake{wakes};
    deadlines wheel{time};
    term of;

    void pass(seconds by) { wheel.advance(time += by); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(term_of_a_stream)

BOOST_AUTO_TEST_CASE(it_ends_when_what_was_granted_has_passed)
{
    scene at;
    at.of.granted = seconds(5);
    relay::term_watch watched(at.of, at.wheel, at.wake);
    at.pass(seconds(4));
    BOOST_TEST(!watched.over().has_value());
    BOOST_TEST(at.of.asked == 0);
    at.pass(seconds(2));
    BOOST_CHECK(watched.over() == stream_end::token_ended);
}

BOOST_AUTO_TEST_CASE(it_goes_on_for_as_long_as_the_session_is_renewed)
{
    scene at;
    at.of.granted = seconds(5);
    relay::term_watch watched(at.of, at.wheel, at.wake);
    for (int i = 0; i < 3; ++i) {
        at.of.more = seconds(5);
        at.pass(seconds(6));
        BOOST_TEST(!watched.over().has_value());
    }
    BOOST_TEST(at.of.asked == 3);
    at.pass(seconds(6));
    BOOST_CHECK(watched.over() == stream_end::token_ended);
}

BOOST_AUTO_TEST_CASE(an_order_ends_it_at_once)
{
    scene at;
    at.of.granted = seconds(5);
    relay::term_watch watched(at.of, at.wheel, at.wake);
    at.of.ordered = stream_end::revoked;
    BOOST_CHECK(watched.over() == stream_end::revoked);
    BOOST_TEST(at.of.asked == 0);
}

BOOST_AUTO_TEST_SUITE_END()
