#include "gateway/upstream/credential_renewal.hpp"
#include "gateway/upstream/notice.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace gateway::upstream;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = renewal{};

auto in_ms(std::chrono::steady_clock::duration time)
{
    return std::chrono::round<std::chrono::milliseconds>(time).count();
}

} // namespace

BOOST_AUTO_TEST_SUITE(credential_renewal)

BOOST_AUTO_TEST_CASE(a_token_is_renewed_between_70_and_80_percent_of_its_life)
{
    BOOST_TEST(in_ms(renew_after(600s, rules, 0)) == 480'000);
    BOOST_TEST(in_ms(renew_after(600s, rules, 0.5)) == 450'000);
    BOOST_TEST(in_ms(renew_after(600s, rules, 1)) == 420'000);
    BOOST_TEST(in_ms(renew_after(60s, rules, 0)) == 48'000);
}

BOOST_AUTO_TEST_CASE(waits_double_up_to_a_bound)
{
    BOOST_TEST(in_ms(retry_after(1, rules, 0)) == 500);
    BOOST_TEST(in_ms(retry_after(2, rules, 0)) == 1'000);
    BOOST_TEST(in_ms(retry_after(6, rules, 0)) == 16'000);
    BOOST_TEST(in_ms(retry_after(7, rules, 0)) == 30'000);
    BOOST_TEST(in_ms(retry_after(4'000'000'000U, rules, 0)) == 30'000);
    BOOST_TEST(in_ms(retry_after(1, rules, 1)) == 450);
}

BOOST_AUTO_TEST_CASE(the_operator_hears_of_it_once_in_ten_seconds)
{
    std::vector<std::string> lines;
    auto failures = notice([&](std::string_view line) { lines.emplace_back(line); });
    auto const begin = std::chrono::steady_clock::time_point{};
    failures.tell("first", begin);
    failures.tell("too soon", begin + 9'999ms);
    failures.tell("second", begin + 10s);
    BOOST_TEST((lines == std::vector<std::string>{"first", "second"}));
}

BOOST_AUTO_TEST_SUITE_END()
