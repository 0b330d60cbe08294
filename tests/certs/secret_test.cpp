#include "certs/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

static_assert(!std::is_copy_constructible_v<certs::secret> && !std::is_copy_assignable_v<certs::secret>);

BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(taking_text_over_leaves_nothing_behind)
{
    std::string text = "short";  // in the string's own buffer, which outlives the move
    auto const* where = text.data();
    certs::secret const owner(std::move(text));
    BOOST_TEST(owner.reveal() == "short");
    BOOST_TEST(std::all_of(where, where + 5, [](char c) { return c == '\0'; }));
}

BOOST_AUTO_TEST_CASE(a_moved_from_secret_is_empty)
{
    certs::secret first(std::string(40, 'k'));
    auto second = std::move(first);
    BOOST_TEST(first.empty());  // NOLINT(bugprone-use-after-move): the subject of the test
    BOOST_TEST(second.reveal() == std::string(40, 'k'));

    certs::secret third(std::string("old"));
    third = std::move(second);
    BOOST_TEST(second.empty());  // NOLINT(bugprone-use-after-move)
    BOOST_TEST(third.reveal() == std::string(40, 'k'));
}

BOOST_AUTO_TEST_CASE(comparison_tells_equal_from_not)
{
    BOOST_TEST(certs::equal_in_constant_time("", ""));
    BOOST_TEST(certs::equal_in_constant_time("abc", "abc"));
    BOOST_TEST(!certs::equal_in_constant_time("abc", "abd"));
    BOOST_TEST(!certs::equal_in_constant_time("abc", "ab"));
}

BOOST_AUTO_TEST_SUITE_END()
