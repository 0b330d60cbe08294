#include "gateway/session/renewals.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using gateway::session::renewals;
using std::chrono::seconds;

namespace {
constexpr policy::seconds_since_epoch now{seconds(1'800'000'000)};
}

BOOST_AUTO_TEST_SUITE(terms_of_renewed_sessions)

BOOST_AUTO_TEST_CASE(the_latest_renewal_counts)
{
    renewals of(10, {});
    BOOST_TEST(!of.stream_until("s").has_value());
    of.note("s", now + seconds(60), now);
    of.note("s", now + seconds(90), now);
    of.note("s", now + seconds(70), now); // two tabs, out of order
    BOOST_TEST((of.stream_until("s") == now + seconds(90)));
    BOOST_TEST(of.size() == 1U);
}

BOOST_AUTO_TEST_CASE(it_stays_within_its_bound_and_forgets_what_has_ended)
{
    renewals of(100, {});
    for (int i = 0; i < 150; ++i)
        of.note("s" + std::to_string(i), now + seconds(60), now);
    BOOST_TEST(of.size() == 100U);
    BOOST_TEST(!of.stream_until("s149").has_value());
    of.note("new", now + seconds(120), now + seconds(60));
    BOOST_TEST(of.size() == 1U);
    BOOST_TEST((of.stream_until("new") == now + seconds(120)));
}

BOOST_AUTO_TEST_SUITE_END()
