#include "gateway/service_manager.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace gateway {

namespace {

using std::chrono::microseconds;

/// A socket that is connected to `name`: a path, or with `@` in front a name in the abstract namespace.
/// Otherwise -1, and errno says why.
int connect_to(std::string const& name)
{
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    errno = EINVAL;
    if (name.size() >= sizeof to.sun_path || (name.front() != '/' && name.front() != '@')) return -1;
    std::ranges::copy(name, std::begin(to.sun_path));
    if (name.front() == '@') to.sun_path[0] = '\0';
    auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    auto const made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0 || connect(made, reinterpret_cast<sockaddr const*>(&to), size) == 0) return made;
    auto const error = errno;
    close(made);
    errno = error;
    return -1;
}

std::optional<std::uint64_t> number_in(std::optional<std::string> const& text)
{
    std::uint64_t number = 0;
    if (!text) return std::nullopt;
    auto const* const end = text->data() + text->size();
    auto const [stop, flaw] = std::from_chars(text->data(), end, number);
    if (flaw != std::errc{} || stop != end) return std::nullopt;
    return number;
}

/// Nothing: nobody watches over this process.
std::optional<microseconds> watchdog_in(environment const& get)
{
    auto const whom = get("WATCHDOG_PID");
    if (whom && number_in(whom) != static_cast<std::uint64_t>(getpid())) return std::nullopt;
    auto const patience = number_in(get("WATCHDOG_USEC"));
    if (!patience || *patience == 0) return std::nullopt;
    return microseconds{*patience};
}

std::string text_of(microseconds time) { return std::to_string(time.count()); }

} // namespace

service_manager::service_manager(environment const& get, std::ostream& tell)
{
    auto const name = get("NOTIFY_SOCKET");
    if (!name || name->empty()) return;
    socket_ = connect_to(*name);
    if (socket_ < 0) {
        auto const why = std::error_code(errno, std::generic_category());
        tell << "NOTIFY_SOCKET: whoever waits there is not told of anything: " << why.message() << std::endl;
        return;
    }
    patience_ = watchdog_in(get);
}

service_manager::~service_manager()
{
    if (socket_ >= 0) close(socket_);
}

void service_manager::ready() const noexcept { say("READY=1"); }

void service_manager::reloading(std::chrono::steady_clock::time_point now) const
{
    auto const since_boot = std::chrono::floor<microseconds>(now.time_since_epoch());
    say("RELOADING=1\nMONOTONIC_USEC=" + text_of(since_boot));
}

void service_manager::stopping(microseconds time) const
{
    say("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + text_of(time));
}

void service_manager::alive() const noexcept { say("WATCHDOG=1"); }

void service_manager::say(std::string_view state) const noexcept
{
    if (socket_ >= 0) (void)send(socket_, state.data(), state.size(), MSG_NOSIGNAL);
}

} // namespace gateway
