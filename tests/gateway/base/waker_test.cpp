#include "gateway/base/waker.hpp"

#include "gateway/base/task.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <string>

using namespace gateway;

namespace {

task<> note_wakes(waker& w, std::string& log, char name)
{
    for (;;) {
        co_await w.next();
        log += name;
    }
}

task<> hog(waker& w, std::string& log)
{
    for (auto i = 0; i < 3; ++i) {
        log += 'h';
        co_await w.yield();
    }
}

task<int> answer(int value)
{
    if (value < 0) throw std::runtime_error("negative");
    co_return value;
}

task<> add_up(int& sum)
{
    for (auto i = 1; i <= 1000; ++i)
        sum += co_await answer(i);
}

task<> catch_it(bool& caught)
{
    try {
        co_await answer(-1);
    } catch (std::runtime_error const&) {
        caught = true;
    }
}

struct flag_when_gone {
    bool& gone;
    ~flag_when_gone() { gone = true; }
};

task<> hold(waker& w, bool& gone)
{
    flag_when_gone const held{gone};
    co_await w.next();
}

task<> hold_deeper(waker& w, bool& gone) { co_await hold(w, gone); }

} // namespace

BOOST_AUTO_TEST_SUITE(wakers)

BOOST_AUTO_TEST_CASE(two_wakes_in_one_turn_resume_once)
{
    wake_queue queue;
    waker w(queue);
    std::string log;
    auto const noting = note_wakes(w, log, 'a');
    noting.start();
    w.wake();
    w.wake();
    queue.run();
    BOOST_TEST(queue.empty());
    BOOST_TEST(log == "a");
}

BOOST_AUTO_TEST_CASE(a_wake_before_the_wait_is_remembered)
{
    wake_queue queue;
    waker w(queue);
    w.wake();
    queue.run();
    std::string log;
    auto const noting = note_wakes(w, log, 'a');
    noting.start();
    BOOST_TEST(log == "a");
}

BOOST_AUTO_TEST_CASE(who_yields_lets_the_others_run_first)
{
    wake_queue queue;
    waker greedy(queue);
    waker modest(queue);
    std::string log;
    auto const noting = note_wakes(modest, log, 'm');
    noting.start();
    auto const hogging = hog(greedy, log);
    hogging.start();
    modest.wake();
    queue.run();
    BOOST_TEST(!queue.empty()); // the hog is queued again
    modest.wake();
    while (!queue.empty())
        queue.run();
    BOOST_TEST(log == "hhmhm");
    BOOST_TEST(hogging.done());
}

BOOST_AUTO_TEST_CASE(a_destroyed_waker_leaves_the_queue)
{
    wake_queue queue;
    std::string log;
    waker stays(queue);
    auto const noting = note_wakes(stays, log, 's');
    noting.start();
    {
        waker goes(queue);
        goes.wake();
        stays.wake();
    }
    queue.run();
    BOOST_TEST(log == "s");
}

BOOST_AUTO_TEST_CASE(tasks_return_throw_and_end_with_their_owner)
{
    auto sum = 0;
    auto const adding = add_up(sum);
    adding.start();
    BOOST_TEST(sum == 500'500);

    auto caught = false;
    auto const catching = catch_it(caught);
    catching.start();
    BOOST_TEST(caught);

    wake_queue queue;
    waker w(queue);
    auto gone = false;
    {
        auto const holding = hold_deeper(w, gone);
        holding.start();
        BOOST_TEST(!gone);
    }
    BOOST_TEST(gone);
}

BOOST_AUTO_TEST_CASE(one_by_one_goes_on_who_has_waited_longest)
{
    wake_queue queue;
    std::string log;
    waker first(queue);
    std::optional<waker> second(std::in_place, queue);
    waker third(queue);
    auto const a = note_wakes(first, log, 'a');
    auto b = std::optional(note_wakes(*second, log, 'b'));
    auto const c = note_wakes(third, log, 'c');
    a.start();
    b->start();
    c.start();
    third.wake();
    second->wake();
    first.wake();
    queue.run_one();
    BOOST_TEST(log == "c");
    b.reset();
    second.reset(); // who leaves the queue is not missed
    BOOST_TEST(!queue.empty());
    queue.run_one();
    BOOST_TEST(log == "ca");
    BOOST_TEST(queue.empty());
    queue.run_one();
    BOOST_TEST(log == "ca");
}

BOOST_AUTO_TEST_SUITE_END()
