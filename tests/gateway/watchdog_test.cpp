#include "gateway/watchdog.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <sstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

/// A service manager at an abstract address, and the environment that names it.
class manager {
public:
    manager() : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        auto const name = name_();
        name.copy(at.sun_path, sizeof at.sun_path - 1);
        at.sun_path[0] = '\0';
        auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        BOOST_REQUIRE(bind(socket_, reinterpret_cast<sockaddr const*>(&at), size) == 0);
    }
    ~manager() { close(socket_); }
    manager(manager const&) = delete;
    manager& operator=(manager const&) = delete;

    [[nodiscard]] std::optional<std::string> operator()(std::string const& variable) const
    {
        if (variable == "NOTIFY_SOCKET") return name_();
        if (variable == "WATCHDOG_USEC") return "10000";
        return std::nullopt;
    }
    /// How many words have come.
    [[nodiscard]] int count() const
    {
        std::array<char, 64> room{};
        auto words = 0;
        while (recv(socket_, room.data(), room.size(), 0) > 0)
            ++words;
        return words;
    }

private:
    static std::string name_() { return "@voicegate-watchdog-test-" + std::to_string(getpid()); }
    int socket_;
};

struct setting {
    manager systemd;
    std::ostringstream said;
    gateway::service_manager to{std::cref(systemd), said};
    boost::asio::io_context control;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(watchdogs, setting)

BOOST_AUTO_TEST_CASE(it_speaks_for_who_runs)
{
    gateway::watchdog dog(control, to, [] { return gateway::watchdog::clock::now(); });
    dog.start();
    auto const until = std::chrono::steady_clock::now() + 10s;
    auto words = systemd.count();
    while (words < 3 && control.run_one_until(until) != 0)
        words += systemd.count();
    BOOST_TEST(words == 3);
    BOOST_TEST(said.str().empty());
}

BOOST_AUTO_TEST_CASE(it_is_silent_for_who_hangs)
{
    auto const long_ago = gateway::watchdog::clock::now() - 1min;
    auto asked = 0;
    gateway::watchdog dog(control, to, [&] {
        ++asked;
        return long_ago;
    });
    dog.start();
    auto const until = std::chrono::steady_clock::now() + 10s;
    while (asked < 3 && control.run_one_until(until) != 0) {
    }
    BOOST_TEST(asked == 3);
    BOOST_TEST(systemd.count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
