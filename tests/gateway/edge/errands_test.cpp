#include "gateway/edge/errands.hpp"

#include <boost/test/unit_test.hpp>

#include <poll.h>
#include <string>
#include <thread>

using gateway::edge::errands;

namespace {

bool rings(errands const& at, int patience_ms)
{
    pollfd bell{at.descriptor(), POLLIN, 0};
    return poll(&bell, 1, patience_ms) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(errands_of_a_worker)

BOOST_AUTO_TEST_CASE(what_another_thread_asks_is_done_in_its_order)
{
    constexpr auto deadline_ms = 10'000;
    errands asked;
    BOOST_TEST(!rings(asked, 0));
    std::string done;
    std::jthread const other([&] {
        asked.ask([&] { done += 'a'; });
        asked.ask([&] { done += 'b'; });
    });
    while (done.size() < 2) {
        BOOST_TEST_REQUIRE(rings(asked, deadline_ms));
        for (auto const& errand : asked.take())
            errand();
    }
    BOOST_TEST(done == "ab");
}

BOOST_AUTO_TEST_CASE(who_has_taken_all_is_left_in_peace)
{
    errands asked;
    asked.ask([] {});
    BOOST_TEST(asked.take().size() == 1U);
    BOOST_TEST(!rings(asked, 0));
    BOOST_TEST(asked.take().empty());
}

BOOST_AUTO_TEST_SUITE_END()
