#include "gateway/upstream/shape_book.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway::upstream;
using namespace std::chrono_literals;

namespace {

struct learning {
    void ask(std::string head, int times = 1)
    {
        for (auto i = 0; i < times; ++i) {
            book.asked_for({head, {}}, now);
            now += 10s; // one after the other
        }
    }
    [[nodiscard]] std::size_t wanted(std::string head) const
    {
        return book.wanted({std::move(head), {}}, now);
    }

    shape_book book;
    shape_book::time_point now{100h};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(shapes_of_sockets, learning)

BOOST_AUTO_TEST_CASE(a_shape_counts_from_the_second_time_on)
{
    BOOST_TEST(wanted("a") == 0U);
    ask("a");
    BOOST_TEST(wanted("a") == 0U);
    ask("a");
    BOOST_TEST(wanted("a") == 1U);
    BOOST_TEST(wanted("b") == 0U);
}

BOOST_AUTO_TEST_CASE(grants_are_part_of_the_shape)
{
    ask("a", 2);
    BOOST_TEST(book.wanted({"a", {policy::grant::tts}}, now) == 0U);
}

BOOST_AUTO_TEST_CASE(as_many_are_wanted_as_were_asked_for_at_once)
{
    for (auto i = 0; i < 3; ++i)
        book.asked_for({"a", {}}, now);
    BOOST_TEST(wanted("a") == 3U);
}

BOOST_AUTO_TEST_CASE(it_is_forgotten_when_nobody_asks_any_more)
{
    ask("a", 2);
    now += 10min;
    BOOST_TEST(wanted("a") == 0U);
    ask("a");
    BOOST_TEST(wanted("a") == 0U); // it has to prove itself again
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_once_takes_no_place_from_what_is_asked_for_often)
{
    for (auto const* head : {"a", "b", "c"})
        ask(head, 2);
    for (auto i = 0; i < 20; ++i)
        ask("made up " + std::to_string(i));
    BOOST_TEST(book.all().size() == shape_book::shapes_max);
    for (auto const* head : {"a", "b", "c"})
        BOOST_TEST(wanted(head) == 1U);
}

BOOST_AUTO_TEST_CASE(of_equals_the_one_asked_for_longest_ago_makes_room)
{
    for (auto const* head : {"a", "b", "c", "d", "e"})
        ask(head, 2);
    BOOST_TEST(wanted("a") == 0U);
    BOOST_TEST(wanted("b") == 1U);
    BOOST_TEST(book.all().front().shape.head == "e");
}

BOOST_AUTO_TEST_CASE(a_refused_shape_is_forgotten)
{
    ask("a", 2);
    book.forget({"a", {}});
    BOOST_TEST(wanted("a") == 0U);
    book.forget({"unknown", {}});
}

BOOST_AUTO_TEST_SUITE_END()
