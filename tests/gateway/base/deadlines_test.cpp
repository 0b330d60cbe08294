#include "gateway/base/deadlines.hpp"

#include "gateway/base/task.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

/// A clock that the test moves, and an owner that counts how often it was woken.
struct bench {
    std::chrono::steady_clock::time_point now{};
    wake_queue wakes;
    deadlines wheel{now};
    waker owner{wakes};
    deadline limit{wheel, owner};

    void pass(std::chrono::milliseconds time)
    {
        now += time;
        wheel.advance(now);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(deadline_wheel)

BOOST_AUTO_TEST_CASE(never_early_and_at_most_two_ticks_late)
{
    for (auto const in : {1ms, 125ms, 126ms, 1000ms, 63'900ms, 64'000ms, 64'100ms, 600'000ms}) {
        bench b;
        b.limit.arm(in);
        b.pass(in - 1ms);
        BOOST_TEST(!b.limit.passed(), in.count() << " ms came early");
        b.pass(2 * deadlines::tick + 1ms);
        BOOST_TEST(b.limit.passed(), in.count() << " ms came too late");
    }
}

BOOST_AUTO_TEST_CASE(arming_again_moves_it_both_ways)
{
    bench b;
    b.limit.arm(10s);
    b.limit.arm(1s);
    b.pass(1'300ms);
    BOOST_TEST(b.limit.passed());

    b.limit.arm(1s);
    BOOST_TEST(!b.limit.passed());
    b.limit.arm(100s);
    b.pass(90s);
    BOOST_TEST(!b.limit.passed());
    b.pass(11s);
    BOOST_TEST(b.limit.passed());
}

BOOST_AUTO_TEST_CASE(disarmed_or_destroyed_it_never_passes)
{
    bench b;
    b.limit.arm(1s);
    b.limit.disarm();
    {
        deadline short_lived(b.wheel, b.owner);
        short_lived.arm(1s);
        deadline another(b.wheel, b.owner);
        another.arm(1s);
    }
    b.pass(10s);
    BOOST_TEST(!b.limit.passed());
}

BOOST_AUTO_TEST_CASE(many_in_one_slot_all_pass_in_one_turn)
{
    bench b;
    std::vector<std::unique_ptr<deadline>> all;
    for (auto i = 0; i < 100; ++i) {
        all.push_back(std::make_unique<deadline>(b.wheel, b.owner));
        all.back()->arm(1s);
    }
    all.erase(all.begin() + 40, all.begin() + 60);
    b.pass(2s);
    for (auto const& one : all)
        BOOST_TEST(one->passed());
}

BOOST_AUTO_TEST_SUITE_END()
