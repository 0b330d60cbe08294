#include "policy/denial.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string_view>

BOOST_AUTO_TEST_SUITE(denial)

BOOST_AUTO_TEST_CASE(each_reason_has_its_own_name_in_the_log)
{
    std::set<std::string_view> names;
    constexpr auto count = static_cast<unsigned>(policy::denial::grant_missing) + 1;
    for (unsigned i = 0; i < count; ++i) {
        auto const name = policy::log_name(static_cast<policy::denial>(i));
        BOOST_TEST(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
        names.insert(name);
    }
    BOOST_TEST(names.size() == count);
    BOOST_TEST(!names.contains("unknown"));
    BOOST_TEST(policy::log_name(static_cast<policy::denial>(count)) == "unknown");
}

BOOST_AUTO_TEST_CASE(only_what_came_and_was_none_is_a_failed_authentication)
{
    using enum policy::denial;
    for (auto why : {token_malformed, token_kind_not_accepted, token_forged, token_rejected})
        BOOST_TEST(policy::is_failed_authentication(why), policy::log_name(why));
    for (auto why :
         {no_route,
          no_token,
          conflicting_cookies,
          conflicting_credentials,
          origin_not_allowed,
          too_many_failures,
          token_not_yet_valid,
          token_expired,
          token_revoked,
          grant_missing})
        BOOST_TEST(!policy::is_failed_authentication(why), policy::log_name(why));
}

BOOST_AUTO_TEST_SUITE_END()
