// Becoming somebody else takes root. An ordinary user is told so; that is tested then.
#include "gateway/jail/identity.hpp"

#include "gateway/jail/jail.hpp"
#include "gateway/jail/secrecy.hpp"
#include "tests/gateway/jail/in_child.hpp"
#include "tests/gateway/scratch.hpp"

#include <fstream>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

using namespace gateway;
using tests::in_child;
using tests::scratch;

namespace {

constexpr uid_t somebody = 54'321;

config serving_as(std::string const& user, std::string const& root = {})
{
    config of;
    of.process.user = user;
    of.process.chroot = root;
    return of;
}

/// Field and remedy of the flaw, or nothing.
std::string flaw_of(config const& of)
{
    try {
        jail::check(of);
        jail::check_rights(of.process);
    } catch (config_error const& flaw) {
        return flaw.what();
    }
    return {};
}

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool is_root() { return geteuid() == 0; }

} // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(a_user_is_a_name_or_a_number)
{
    BOOST_TEST(jail::find_user("root").user == 0U);
    BOOST_TEST(jail::find_user("0").group == 0U);
    auto const named = jail::find_user("nobody");
    BOOST_TEST(named.user != 0U);
    BOOST_TEST(named.group != 0U);
    BOOST_TEST(!named.groups.empty());
    auto const numbered = jail::find_user(std::to_string(somebody));
    BOOST_TEST(numbered.user == somebody);
    BOOST_TEST(numbered.group == somebody);
    BOOST_TEST(numbered.groups == std::vector<gid_t>{somebody});
    for (auto const* nobody_at_all : {"no-such-user", "-1", "4294967295", "1x", ""})
        BOOST_CHECK_THROW((void)jail::find_user(nobody_at_all), config_error);
}

BOOST_AUTO_TEST_CASE(there_is_no_way_back)
{
    if (!is_root()) {
        BOOST_TEST(contains(flaw_of(serving_as("root")), "process.user: only root can become another user"));
        return;
    }
    auto const became = in_child([] {
        jail::become(jail::find_user(std::to_string(somebody)));
        std::array<gid_t, 8> groups{};
        auto const count = getgroups(groups.size(), groups.data());
        auto const changed = getuid() == somebody && geteuid() == somebody && getgid() == somebody &&
                             count == 1 && groups[0] == somebody;
        return changed && setuid(0) != 0 && setgid(0) != 0 && access("/etc/shadow", R_OK) != 0 ? 0 : 1;
    });
    BOOST_TEST(became == 0);
}

BOOST_AUTO_TEST_CASE(a_new_root_hides_all_else)
{
    scratch const here;
    (void)here.file("inside");
    (void)here.file("etc/resolv.conf");
    if (!is_root()) {
        BOOST_TEST(contains(flaw_of(serving_as("", here.path())), "process.chroot: only root"));
        return;
    }
    auto const found = in_child([&] {
        jail::change_root(here.path());
        return access("/inside", R_OK) == 0 && access("/proc", F_OK) != 0 && access("inside", R_OK) == 0 ? 0
                                                                                                        : 1;
    });
    BOOST_TEST(found == 0);
    BOOST_CHECK_THROW(jail::change_root(here.path("none")), config_error);
}

BOOST_AUTO_TEST_CASE(flaws_name_field_and_remedy)
{
    BOOST_TEST(
        contains(flaw_of(serving_as("no-such-user")), "process.user: there is no user called no-such-user"));
    scratch const here;
    BOOST_TEST(contains(flaw_of(serving_as("", here.file("file"))), "process.chroot: "));
    BOOST_TEST(contains(flaw_of(serving_as("", here.path("none"))), "is no directory"));
    BOOST_TEST(contains(flaw_of(serving_as("nobody", here.path())), "has no etc/resolv.conf"));
    (void)here.file("etc/resolv.conf");
    if (!is_root()) return;
    BOOST_TEST(flaw_of(serving_as("nobody", here.path())) == "");
    auto by_address = serving_as("nobody", here.path("etc"));
    by_address.upstream.host = "192.0.2.1";
    BOOST_TEST(flaw_of(by_address) == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(secrecy)

BOOST_AUTO_TEST_CASE(nothing_is_dumped)
{
    auto const done = in_child([] {
        jail::forbid_dumps();
        rlimit core{1, 1};
        getrlimit(RLIMIT_CORE, &core);
        return prctl(PR_GET_DUMPABLE) == 0 && core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 1;
    });
    BOOST_TEST(done == 0);
}

BOOST_AUTO_TEST_CASE(no_privileges_are_gained)
{
    auto const done = in_child([] {
        jail::forbid_new_privileges();
        return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1;
    });
    BOOST_TEST(done == 0);
}

BOOST_AUTO_TEST_CASE(
    the_heap_is_pinned_or_it_is_said_why_not, *boost::unit_test::enable_if<!jail::instrumented>())
{
    auto const locked_kib = [] {
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("VmLck:")) return std::stoul(line.substr(6));
        return 0UL;
    };
    auto const done = in_child([&] {
        auto const failed = jail::heap_pin().renew();
        if (failed)
            return failed == std::errc::not_enough_memory || failed == std::errc::operation_not_permitted ||
                           failed == std::errc::resource_unavailable_try_again
                       ? 0
                       : 1;
        return locked_kib() > 0 ? 0 : 1;
    });
    BOOST_TEST(done == 0);
}

BOOST_AUTO_TEST_SUITE_END()
