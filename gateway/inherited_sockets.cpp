#include "gateway/inherited_sockets.hpp"

#include <charconv>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace gateway {

namespace {

constexpr int inherited_max = 64;

/// -1: it is none.
int number_in(std::string const& text)
{
    int number = -1;
    auto const* const end = text.data() + text.size();
    auto const [stop, flaw] = std::from_chars(text.data(), end, number);
    return flaw == std::errc{} && stop == end ? number : -1;
}

/// 0: nothing was handed down, or not to this process.
int count_in(environment const& get)
{
    auto const whom = get("LISTEN_PID");
    auto const count = get("LISTEN_FDS");
    if (!whom || !count || number_in(*whom) != getpid()) return 0;
    auto const number = number_in(*count);
    if (number < 0 || number > inherited_max)
        throw config_error("LISTEN_FDS", "must be a number from 0 to " + std::to_string(inherited_max));
    return number;
}

std::vector<std::string> names_in(std::string_view text)
{
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        auto const end = std::min(text.find(':', begin), text.size());
        out.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

int option_of(int descriptor, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

bool is_tcp_listener(int descriptor)
{
    auto const family = option_of(descriptor, SO_DOMAIN);
    return (family == AF_INET || family == AF_INET6) && option_of(descriptor, SO_TYPE) == SOCK_STREAM &&
           option_of(descriptor, SO_ACCEPTCONN) == 1;
}

void prepare(int descriptor)
{
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

std::vector<edge::listener>& kind_called(std::string const& name, inherited_sockets& in)
{
    if (name == "https") return in.https;
    if (name == "http") return in.http;
    if (name == "admin") return in.admin;
    throw config_error(
        "LISTEN_FDNAMES",
        "has the name \"" + name + "\"; set FileDescriptorName= of the socket unit to https, http or admin");
}

} // namespace

inherited_sockets take_inherited_sockets(environment const& get, int first)
{
    inherited_sockets out;
    auto const count = count_in(get);
    if (count == 0) return out;
    auto const names = names_in(get("LISTEN_FDNAMES").value_or(""));
    if (names.size() != static_cast<std::size_t>(count))
        throw config_error(
            "LISTEN_FDNAMES",
            "must have a name for each of the " + std::to_string(count) +
                " sockets: set FileDescriptorName= of the socket units to https, http or admin");
    for (int i = 0; i < count; ++i) {
        auto const descriptor = first + i;
        auto const& name = names[static_cast<std::size_t>(i)];
        auto& kind = kind_called(name, out);
        if (!is_tcp_listener(descriptor))
            throw config_error(
                "LISTEN_FDS",
                "socket " + std::to_string(descriptor) + " (" + name +
                    ") is no listening TCP socket; use ListenStream= with an address and a port, and "
                    "Accept=no");
        prepare(descriptor);
        kind.push_back(edge::listener::of_several(descriptor));
    }
    if (out.admin.size() > 1)
        throw config_error("LISTEN_FDNAMES", "has the name \"admin\" more than once; one is enough");
    return out;
}

} // namespace gateway
