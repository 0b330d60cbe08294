#include "policy/token_bucket.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using time_point = policy::token_bucket::time_point;

BOOST_AUTO_TEST_SUITE(buckets)

namespace {

constexpr time_point start{1h};

/// A bucket and its time.
struct bucket {
    policy::token_bucket terms{3, 10s};
    time_point full_at{};

    void take(time_point now) { full_at = terms.taken(full_at, now); }
    [[nodiscard]] auto wait(time_point now) const { return terms.wait(full_at, now); }
};

} // namespace

BOOST_AUTO_TEST_CASE(as_many_as_it_holds_can_be_taken_at_once)
{
    bucket b;
    for (auto i = 0; i < 3; ++i) {
        BOOST_TEST((b.wait(start) == 0ms));
        b.take(start);
    }
    BOOST_TEST((b.wait(start) == 10s));
}

BOOST_AUTO_TEST_CASE(one_comes_back_in_its_time)
{
    bucket b;
    for (auto i = 0; i < 3; ++i)
        b.take(start);
    BOOST_TEST((b.wait(start + 9'999ms) == 1ms));
    BOOST_TEST((b.wait(start + 10s) == 0ms));
    b.take(start + 10s);
    BOOST_TEST((b.wait(start + 10s) == 10s));
    BOOST_TEST((b.wait(start + 20s) == 0ms));
}

BOOST_AUTO_TEST_CASE(what_is_taken_from_an_empty_one_is_no_debt)
{
    bucket b;
    for (auto i = 0; i < 1'000; ++i)
        b.take(start);
    BOOST_TEST((b.wait(start) == 10s));
    b.take(start + 5s);
    BOOST_TEST((b.wait(start + 5s) == 10s)); // the wait begins anew
    BOOST_TEST((b.wait(start + 15s) == 0ms));
}

BOOST_AUTO_TEST_CASE(left_alone_it_is_full_again_and_never_fuller)
{
    bucket b;
    for (auto i = 0; i < 3; ++i)
        b.take(start);
    auto const later = start + 24h;
    for (auto i = 0; i < 3; ++i) {
        BOOST_TEST((b.wait(later) == 0ms));
        b.take(later);
    }
    BOOST_TEST((b.wait(later) == 10s));
}

BOOST_AUTO_TEST_CASE(over_a_long_time_no_more_pass_than_come_back)
{
    bucket b;
    auto taken = 0;
    for (auto now = start; now < start + 1h; now += 250ms) {
        if (b.wait(now) > 0ms) continue;
        b.take(now);
        ++taken;
    }
    BOOST_TEST(taken == 3 + 359); // one each 10 s
}

BOOST_AUTO_TEST_CASE(a_part_of_a_millisecond_is_waited_for_too)
{
    bucket b{
        .terms = {1, 1ms}
    };
    b.take(start);
    BOOST_TEST((b.wait(start + 1us) == 1ms));
}

BOOST_AUTO_TEST_SUITE_END()
