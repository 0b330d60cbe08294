#include "gateway/edge/listener.hpp"

#include "gateway/wire/keep_alive.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gateway::edge {

namespace {

struct address {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;

    [[nodiscard]] sockaddr* raw() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] sockaddr_in& v4() noexcept { return reinterpret_cast<sockaddr_in&>(storage); }
    [[nodiscard]] sockaddr_in6& v6() noexcept { return reinterpret_cast<sockaddr_in6&>(storage); }
};

address read_address(endpoint const& where)
{
    address result;
    if (inet_pton(AF_INET, where.host.c_str(), &result.v4().sin_addr) == 1) {
        result.v4().sin_family = AF_INET;
        result.v4().sin_port = htons(where.port);
        result.size = sizeof(sockaddr_in);
    } else if (inet_pton(AF_INET6, where.host.c_str(), &result.v6().sin6_addr) == 1) {
        result.v6().sin6_family = AF_INET6;
        result.v6().sin6_port = htons(where.port);
        result.size = sizeof(sockaddr_in6);
    } else {
        throw std::system_error(
            EINVAL, std::generic_category(), "listen address " + where.host + " is no IP address");
    }
    return result;
}

endpoint write_address(address& from)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (from.storage.ss_family == AF_INET) {
        inet_ntop(AF_INET, &from.v4().sin_addr, text.data(), text.size());
        return {text.data(), ntohs(from.v4().sin_port)};
    }
    auto const& v6 = from.v6().sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6))
        inet_ntop(AF_INET, &v6.s6_addr[12], text.data(), text.size());
    else
        inet_ntop(AF_INET6, &v6, text.data(), text.size());
    return {text.data(), ntohs(from.v6().sin6_port)};
}

policy::client_network network_of(address& from)
{
    auto const bytes_of = [](auto& in) { return reinterpret_cast<std::uint8_t const*>(&in); };
    if (from.storage.ss_family == AF_INET)
        return policy::client_network::of_v4(
            std::span<std::uint8_t const, 4>(bytes_of(from.v4().sin_addr), 4));
    return policy::client_network::of_v6(
        std::span<std::uint8_t const, 16>(bytes_of(from.v6().sin6_addr), 16));
}

} // namespace

listener::listener(endpoint const& where, int backlog) : descriptor_(-1)
{
    auto to = read_address(where);
    descriptor_ = socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    int const on = 1;
    auto const set = [&](int level, int name) {
        return setsockopt(descriptor_, level, name, &on, sizeof on) == 0;
    };
    auto const good = descriptor_ >= 0 && set(SOL_SOCKET, SO_REUSEADDR) && set(SOL_SOCKET, SO_REUSEPORT) &&
                      (to.storage.ss_family != AF_INET6 || set(IPPROTO_IPV6, IPV6_V6ONLY)) &&
                      bind(descriptor_, to.raw(), to.size) == 0 && listen(descriptor_, backlog) == 0;
    if (good) return;
    auto const error = errno;
    if (descriptor_ >= 0) close(descriptor_);
    throw std::system_error(
        error,
        std::generic_category(),
        "cannot listen at " + where.host + " port " + std::to_string(where.port));
}

listener::~listener()
{
    if (descriptor_ >= 0) close(descriptor_);
}

listener::listener(listener&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

void listener::keep_alive(limits_config const& limits) const noexcept
{
    wire::keep_alive(descriptor_, limits);
}

endpoint listener::where() const
{
    address here;
    getsockname(descriptor_, here.raw(), &here.size);
    return write_address(here);
}

int listener::accept(caller& from) const noexcept
{
    for (;;) {
        address peer;
        auto const accepted = accept4(descriptor_, peer.raw(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0) {
            from = {write_address(peer).host, network_of(peer)};
            return accepted;
        }
        if (errno == EINTR || errno == ECONNABORTED) continue;
        auto const no_means = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        return no_means ? out_of_means : none_waiting;
    }
}

} // namespace gateway::edge
