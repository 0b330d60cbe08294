// Where this kernel has no Landlock, nothing is asked of it.
#include "gateway/jail/reach.hpp"

#include "gateway/jail/jail.hpp"
#include "gateway/jail/landlock.hpp"
#include "gateway/jail/secrecy.hpp"
#include "tests/gateway/jail/in_child.hpp"
#include "tests/gateway/scratch.hpp"

using namespace gateway::jail;

namespace {

bool has_landlock(boost::unit_test::test_unit_id) { return landlock_version() > 0; }

gateway::config naming(std::string const& file)
{
    gateway::config out;
    out.upstream.ca_file = file;
    return out;
}

/// 0: all that `of` names can be read; 1: told what cannot, and the remedy; 2: told otherwise.
int told(gateway::config const& of, std::string const& file)
{
    try {
        check_reach(of);
        return 0;
    } catch (gateway::config_error const& flaw) {
        std::string const says = flaw.what();
        return says.starts_with("upstream.ca_file: cannot read " + file) && says.ends_with("restart") ? 1 : 2;
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(
    reach,
    tests::scratch,
    *boost::unit_test::precondition(has_landlock) * boost::unit_test::enable_if<!instrumented>())

BOOST_AUTO_TEST_CASE(what_only_a_new_start_could_read_is_named_with_the_remedy)
{
    auto const inside = file("open/ca.pem");
    auto const outside = file("closed/ca.pem");
    auto const confined = [&](std::string const& name) {
        return tests::in_child([&] {
            forbid_new_privileges();
            restrict_files({path("open")}, -1);
            return told(naming(name), name);
        });
    };
    BOOST_TEST(confined(inside) == 0);
    BOOST_TEST(confined(outside) == 1);
    BOOST_TEST(confined(path("open/none")) == 0); // whoever reads it says what is wrong
}

BOOST_AUTO_TEST_SUITE_END()
