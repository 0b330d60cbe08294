// Where this kernel has no Landlock, nothing is asked of it.
#include "gateway/jail/landlock.hpp"

#include "gateway/jail/jail.hpp"
#include "gateway/jail/secrecy.hpp"
#include "tests/gateway/jail/in_child.hpp"
#include "tests/gateway/scratch.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <thread>

using namespace gateway::jail;
using tests::in_child;
using tests::scratch;

namespace {

bool has_landlock(boost::unit_test::test_unit_id) { return landlock_version() > 0; }

/// errno of opening `name`; 0: it was opened.
int opens(std::string const& name, int how = O_RDONLY)
{
    return open(name.c_str(), how | O_CLOEXEC, 0600) < 0 ? errno : 0;
}

/// What `act` returns where `readable` alone can be read.
template <class Act>
int within(std::vector<std::string> const& readable, Act act)
{
    return in_child([&] {
        forbid_new_privileges();
        restrict_files(readable);
        return act();
    });
}

struct two_places : scratch {
    std::string const inside = file("open/inside");
    std::string const deeper = file("open/a/b/deeper");
    std::string const alone = file("closed/alone");
    std::string const outside = file("closed/outside");
    std::vector<std::string> const readable{path("open"), alone, path("none")};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(
    landlock,
    two_places,
    *boost::unit_test::precondition(has_landlock) * boost::unit_test::enable_if<!instrumented>())

BOOST_AUTO_TEST_CASE(what_is_named_and_what_is_beneath_can_be_read)
{
    for (auto const& name : {inside, deeper, alone})
        BOOST_TEST(within(readable, [&] { return opens(name); }) == 0, name);
    BOOST_TEST(within(readable, [&] { return opens(path("open"), O_RDONLY | O_DIRECTORY); }) == 0);
}

BOOST_AUTO_TEST_CASE(nothing_else_can)
{
    std::filesystem::create_symlink(outside, path("open/link"));
    for (auto const& name : {outside, path("open/link"), std::string("/proc/self/environ")})
        BOOST_TEST(within(readable, [&] { return opens(name); }) == EACCES, name);
    BOOST_TEST(within(readable, [&] { return opens(path("closed"), O_RDONLY | O_DIRECTORY); }) == EACCES);
}

BOOST_AUTO_TEST_CASE(nothing_can_be_written_made_or_removed)
{
    BOOST_TEST(within(readable, [&] { return opens(inside, O_WRONLY); }) == EACCES);
    BOOST_TEST(within(readable, [&] { return opens(path("open/new"), O_WRONLY | O_CREAT); }) == EACCES);
    BOOST_TEST(within(readable, [&] {
                   return truncate(inside.c_str(), 0) < 0 ? errno : 0;
               }) == (landlock_version() >= 3 ? EACCES : 0));
    BOOST_TEST(within(readable, [&] { return unlink(deeper.c_str()) < 0 ? errno : 0; }) == EACCES);
    BOOST_TEST(
        within(readable, [&] { return execl(inside.c_str(), "", nullptr) < 0 ? errno : 0; }) == EACCES);
}

BOOST_AUTO_TEST_CASE(in_the_directory_of_the_log_files_can_be_made_and_written)
{
    auto const logs = open(path("closed").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    auto const opens_there = [&](std::string const& name, int how) {
        return in_child([&] {
            forbid_new_privileges();
            restrict_files(readable, logs);
            return opens(name, how);
        });
    };
    BOOST_TEST(opens_there(path("closed/new"), O_WRONLY | O_CREAT | O_APPEND) == 0);
    BOOST_TEST(opens_there(outside, O_WRONLY | O_APPEND) == 0);
    BOOST_TEST(opens_there(outside, O_RDONLY) == EACCES);
    BOOST_TEST(opens_there(path("open/new"), O_WRONLY | O_CREAT | O_APPEND) == EACCES);
    close(logs);
}

BOOST_AUTO_TEST_CASE(a_file_that_took_another_s_place_can_be_read)
{
    auto const result = in_child([&] {
        std::atomic<bool> restricted = false;
        std::thread operators([&] { // it was there before, so it is not restricted itself
            restricted.wait(false);
            std::filesystem::rename(file("closed/next"), inside);
        });
        forbid_new_privileges();
        restrict_files(readable);
        restricted = true;
        restricted.notify_one();
        operators.join();
        return opens(inside);
    });
    BOOST_TEST(result == 0);
}

BOOST_AUTO_TEST_CASE(what_was_opened_before_stays_open)
{
    auto const before = open(outside.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    BOOST_TEST(within(readable, [&] { return write(before, "y", 1) < 0 ? errno : 0; }) == 0);
    close(before);
    BOOST_TEST(std::filesystem::file_size(outside) == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
