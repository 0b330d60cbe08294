#include "gateway/key_watch.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds start{1'800'000'000s};

/// The watch of a key that ends then.
struct watched {
    boost::asio::io_context control;
    watch::counter ends_at;
    std::ostringstream said;
    key_watch watch{control, ends_at, said, [] { return start; }};

    void look_at(certs::key_term const& term)
    {
        certs::key_set keys;
        keys.push_back({"k", certs::secret(), term});
        watch.look_at(keys);
        control.poll();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(key_watches)

BOOST_AUTO_TEST_CASE(an_end_that_is_near_is_told_with_the_remedy)
{
    watched w;
    w.look_at({.not_after = start + 2h});
    BOOST_TEST(w.ends_at.get() == 1'800'007'200U);
    BOOST_TEST(w.said.str().starts_with("tokens.key_file: no key seals tokens after 2h; "), w.said.str());
    BOOST_TEST(w.said.str().find("voicegate keygen tokens") != std::string::npos);
    BOOST_TEST(w.control.stopped()); // nothing is left to do
}

BOOST_AUTO_TEST_CASE(an_end_that_is_far_waits)
{
    watched w;
    w.look_at({.not_after = start + 24h + 1s});
    BOOST_TEST(w.ends_at.get() == 1'800'086'401U);
    BOOST_TEST(w.said.str() == "");
    BOOST_TEST(!w.control.stopped());
    w.look_at({.not_after = std::chrono::sys_seconds(253'402'300'799s)});
    BOOST_TEST(!w.control.stopped());
}

BOOST_AUTO_TEST_CASE(no_end_is_no_end)
{
    watched w;
    w.look_at({.not_after = start + 24h + 1s});
    w.look_at({});
    BOOST_TEST(w.ends_at.get() == 0U);
    w.watch.look_at({}); // no keys: no tokens are sealed
    BOOST_TEST(w.ends_at.get() == 0U);
    BOOST_TEST(w.said.str() == "");
    w.control.restart();
    w.control.run(); // no timer is left
}

BOOST_AUTO_TEST_SUITE_END()
