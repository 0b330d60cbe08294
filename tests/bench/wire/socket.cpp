#include "tests/bench/wire/socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>

namespace bench {

namespace {

constexpr rlim_t descriptors_max = 20'000;
constexpr int backlog = 4096;
constexpr std::uint32_t source_addresses = 16;

void set(descriptor const& socket, int level, int name, int value)
{
    setsockopt(socket.get(), level, name, &value, sizeof value);
}

sockaddr_in loopback(std::uint16_t port, std::uint32_t offset = 0)
{
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK + offset);
    return out;
}

sockaddr* general(sockaddr_in& address)
{
    return reinterpret_cast<sockaddr*>(&address); // NOLINT: what the socket calls want
}

} // namespace

void raise_descriptor_limit()
{
    rlimit now{};
    getrlimit(RLIMIT_NOFILE, &now);
    now.rlim_cur = now.rlim_max < descriptors_max ? now.rlim_max : descriptors_max;
    setrlimit(RLIMIT_NOFILE, &now);
}

descriptor listen_on(std::uint16_t port)
{
    descriptor out(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    set(out, SOL_SOCKET, SO_REUSEADDR, 1);
    auto at = loopback(port);
    if (bind(out.get(), general(at), sizeof at) != 0 || listen(out.get(), backlog) != 0)
        throw std::system_error(errno, std::system_category(), "cannot listen");
    return out;
}

std::uint16_t port_of(descriptor const& listener)
{
    sockaddr_in at{};
    socklen_t size = sizeof at;
    getsockname(listener.get(), general(at), &size);
    return ntohs(at.sin_port);
}

descriptor accept_from(descriptor const& listener)
{
    descriptor out(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (out.get() >= 0) set(out, IPPROTO_TCP, TCP_NODELAY, 1);
    return out;
}

descriptor connect_to(std::uint16_t port, std::uint32_t turn, farewell how)
{
    descriptor out(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (out.get() < 0) return out;
    set(out, IPPROTO_TCP, TCP_NODELAY, 1);
    if (how == farewell::abrupt) {
        linger const none{1, 0};
        setsockopt(out.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
    set(out, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    auto from = loopback(0, turn % source_addresses);
    auto to = loopback(port);
    bind(out.get(), general(from), sizeof from);
    if (connect(out.get(), general(to), sizeof to) != 0 && errno != EINPROGRESS) return descriptor(-1);
    return out;
}

bool connected(descriptor const& socket)
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

} // namespace bench
