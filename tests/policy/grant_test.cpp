#include "policy/grant.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using policy::grant;
using policy::grant_set;

BOOST_AUTO_TEST_SUITE(grants)

BOOST_AUTO_TEST_CASE(names_lead_back)
{
    for (auto g : policy::all_grants)
        BOOST_TEST((policy::read_grant(policy::name(g)) == g));
    for (auto text : {"", "TTS", "tts ", "voices", "t"})
        BOOST_TEST(!policy::read_grant(text).has_value());
}

BOOST_AUTO_TEST_CASE(a_set_holds_what_was_added)
{
    grant_set set;
    BOOST_TEST(set.empty());
    set.add(grant::stt);
    set.add(grant::stt);
    BOOST_TEST(set.has(grant::stt));
    BOOST_TEST(!set.has(grant::tts));
    BOOST_TEST(!set.has(grant::agent));
    BOOST_TEST((set == grant_set{grant::stt}));
}

BOOST_AUTO_TEST_CASE(each_set_has_its_own_index)
{
    std::set<std::size_t> seen;
    for (unsigned bits = 0; bits < grant_set::distinct; ++bits) {
        grant_set set;
        for (auto g : policy::all_grants)
            if ((bits >> static_cast<unsigned>(g) & 1U) != 0) set.add(g);
        BOOST_TEST(set.index() < grant_set::distinct);
        seen.insert(set.index());
    }
    BOOST_TEST(seen.size() == grant_set::distinct);
}

BOOST_AUTO_TEST_SUITE_END()
