#include "gateway/edge/listener.hpp"

#include "gateway/wire/keep_alive.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <linux/filter.h>
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

ip_address ip_of(address& from) noexcept
{
    auto const bytes_of = [](auto& in) { return reinterpret_cast<std::uint8_t const*>(&in); };
    if (from.storage.ss_family == AF_INET)
        return ip_address::of_v4(std::span<std::uint8_t const, 4>(bytes_of(from.v4().sin_addr), 4));
    return ip_address::of_v6(std::span<std::uint8_t const, 16>(bytes_of(from.v6().sin6_addr), 16));
}

std::uint16_t port_of(address& from) noexcept
{
    return ntohs(from.storage.ss_family == AF_INET ? from.v4().sin_port : from.v6().sin6_port);
}

/// A socket bound to `where`, or -1.
int bind_to(endpoint const& where, bool beside_others)
{
    auto to = read_address(where);
    auto const made = socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    int const on = 1;
    auto const set = [&](int level, int name) { return setsockopt(made, level, name, &on, sizeof on) == 0; };
    auto const good = made >= 0 && set(SOL_SOCKET, SO_REUSEADDR) &&
                      (!beside_others || set(SOL_SOCKET, SO_REUSEPORT)) &&
                      (to.storage.ss_family != AF_INET6 || set(IPPROTO_IPV6, IPV6_V6ONLY)) &&
                      bind(made, to.raw(), to.size) == 0;
    if (good) return made;
    auto const error = errno;
    if (made >= 0) close(made);
    errno = error;
    return -1;
}

[[noreturn]] void refuse(endpoint const& where, std::string const& remedy = {})
{
    auto const error = errno;
    throw std::system_error(
        error,
        std::generic_category(),
        "cannot listen at " + where.host + " port " + std::to_string(where.port) + remedy);
}

} // namespace

void check_free(endpoint const& where, std::string const& remedy)
{
    if (where.port == 0) return;
    auto const made = bind_to(where, false);
    if (made < 0) refuse(where, errno == EADDRINUSE ? " (" + remedy + ")" : "");
    close(made);
}

listener::listener(endpoint const& where, int backlog) : descriptor_(bind_to(where, true))
{
    if (descriptor_ < 0) refuse(where);
    if (listen(descriptor_, backlog) == 0) return;
    auto const error = errno;
    close(descriptor_);
    errno = error;
    refuse(where);
}

listener listener::another() const
{
    auto const made = fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
    if (made < 0) throw std::system_error(errno, std::generic_category(), "a listening socket");
    return {made, shared_};
}

listener::~listener()
{
    if (descriptor_ >= 0) close(descriptor_);
}

listener::listener(listener&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), shared_(other.shared_)
{
}

void listener::keep_alive(limits_config const& limits) const noexcept
{
    wire::keep_alive(descriptor_, limits);
}

void listener::turn_newcomers_away() const noexcept
{
    if (shared_) return;
    // What connections inherit of it does not concern them: only a first segment carries SYN.
    constexpr std::uint32_t flags_at = 13; // RFC 9293 §3.1
    constexpr std::uint32_t syn = 2;
    std::array<sock_filter, 4> program{
        sock_filter{BPF_LD | BPF_B | BPF_ABS,   0, 0, flags_at},
        sock_filter{BPF_JMP | BPF_JSET | BPF_K, 0, 1, syn     },
        sock_filter{BPF_RET | BPF_K,            0, 0, 0       },
        sock_filter{BPF_RET | BPF_K,            0, 0, ~0U     }
    };
    sock_fprog const filter{program.size(), program.data()};
    setsockopt(descriptor_, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

endpoint listener::where() const
{
    address here;
    getsockname(descriptor_, here.raw(), &here.size);
    return {ip_of(here).text(), port_of(here)};
}

int listener::accept(ip_address& from) const noexcept
{
    for (;;) {
        address peer;
        auto const accepted = accept4(descriptor_, peer.raw(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0) {
            from = ip_of(peer);
            return accepted;
        }
        if (errno == EINTR || errno == ECONNABORTED) continue;
        auto const no_means = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        return no_means ? out_of_means : none_waiting;
    }
}

} // namespace gateway::edge
