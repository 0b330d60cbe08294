// What a service manager hears (sd_notify(3)), from within the jail.
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

/// The manager's end. `name`: a path, or with `@` in front an abstract name.
class manager {
public:
    explicit manager(std::string name)
        : name_(std::move(name)), socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        BOOST_REQUIRE(name_.size() < sizeof at.sun_path);
        name_.copy(at.sun_path, sizeof at.sun_path - 1);
        if (name_.front() == '@') at.sun_path[0] = '\0';
        auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
        BOOST_REQUIRE(bind(socket_, reinterpret_cast<sockaddr const*>(&at), size) == 0);
    }
    ~manager() { close(socket_); }
    manager(manager const&) = delete;
    manager& operator=(manager const&) = delete;

    [[nodiscard]] std::vector<std::string> before(std::vector<std::string> const& more = {}) const
    {
        std::vector<std::string> out{"/usr/bin/env", "NOTIFY_SOCKET=" + name_};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }
    [[nodiscard]] std::string hear() const
    {
        if (!await_event(socket_, POLLIN, deadline{})) throw timed_out("a word to the service manager");
        std::array<char, 512> room{};
        auto const size = recv(socket_, room.data(), room.size(), 0);
        return {room.data(), static_cast<std::size_t>(size)};
    }
    [[nodiscard]] bool has_heard() const { return await_event(socket_, POLLIN, deadline(milliseconds{0})); }

private:
    std::string name_;
    int socket_;
};

std::uint64_t number_behind(std::string const& text, std::string const& name)
{
    auto const at = text.find(name + "=");
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, text);
    return std::stoull(text.substr(at + name.size() + 1));
}

std::uint64_t microseconds_since_boot()
{
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::microseconds>(now).count());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(service_managers, scene)

BOOST_DATA_TEST_CASE(it_hears_of_the_start_each_reload_and_the_end, data::make({false, true}), abstract)
{
    auto const path = at.files.path(abstract ? "abstract" : "notify");
    manager const systemd(abstract ? "@voicegate-test-" + std::to_string(getpid()) : path);
    auto one = at.another(R"({"drain": {"deadline": "3s", "spread": "2s"}})", systemd.before());
    BOOST_TEST(systemd.hear() == "READY=1");

    auto const before = microseconds_since_boot();
    one.reload();
    auto const reloading = systemd.hear();
    BOOST_TEST(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="), reloading);
    BOOST_TEST(number_behind(reloading, "MONOTONIC_USEC") >= before);
    BOOST_TEST(number_behind(reloading, "MONOTONIC_USEC") <= microseconds_since_boot());
    BOOST_TEST(systemd.hear() == "READY=1");
    BOOST_TEST(!systemd.has_heard()); // nobody asked for signs of life

    one.program().signal(SIGTERM);
    auto const stopping = systemd.hear();
    BOOST_TEST(stopping.starts_with("STOPPING=1\n"), stopping);
    BOOST_TEST(number_behind(stopping, "EXTEND_TIMEOUT_USEC") >= 5'000'000U); // the deadline and the spread
    BOOST_TEST(number_behind(stopping, "EXTEND_TIMEOUT_USEC") <= 15'000'000U);
    BOOST_TEST(one.program().exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_reload_that_is_refused_ends_too)
{
    manager const systemd(at.files.path("refused"));
    auto const tokens = at.files.path("refused.jwk");
    std::filesystem::remove(tokens);
    BOOST_REQUIRE(run({voicegate_program(), "keygen", "tokens", tokens}).status == 0);
    auto one = at.another(R"({"tokens": {"key_file": "refused.jwk"}})", systemd.before());
    BOOST_TEST(systemd.hear() == "READY=1");
    write_file(tokens, "{");
    (void)one.refused_reload();
    BOOST_TEST(systemd.hear().starts_with("RELOADING=1\n"));
    BOOST_TEST(systemd.hear() == "READY=1");
}

BOOST_AUTO_TEST_CASE(it_hears_signs_of_life_when_it_asks_for_them)
{
    manager const systemd(at.files.path("watchdog"));
    auto const one = at.another("{}", systemd.before({"WATCHDOG_USEC=400000"}));
    BOOST_TEST(systemd.hear() == "READY=1");
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(systemd.hear() == "WATCHDOG=1");
}

BOOST_AUTO_TEST_CASE(signs_of_life_that_another_process_owes_are_not_given)
{
    manager const systemd(at.files.path("other"));
    auto one = at.another("{}", systemd.before({"WATCHDOG_USEC=1000", "WATCHDOG_PID=1"}));
    BOOST_TEST(systemd.hear() == "READY=1");
    one.reload();
    BOOST_TEST(systemd.hear().starts_with("RELOADING=1\n"));
}

BOOST_AUTO_TEST_CASE(one_that_is_not_there_keeps_nobody_from_serving)
{
    auto const one = at.another("{}", {"/usr/bin/env", "NOTIFY_SOCKET=" + at.files.path("nobody")});
    BOOST_TEST(one.admin("/readyz").status == 200U);
    BOOST_TEST(one.errors().find("NOTIFY_SOCKET: ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
