#include "gateway/wire/socket.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gateway::wire {

socket::socket(readiness& set, int descriptor, waker& owner) noexcept : descriptor_(descriptor)
{
    watch_.owner = &owner;
    int const on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!set.add(descriptor_, watch_)) close();
}

socket::~socket() { close(); }

transfer socket::receive(std::span<char> into) noexcept
{
    if (!watch_.readable) return {progress::blocked, 0};
    for (;;) {
        auto const got = recv(descriptor_, into.data(), into.size(), 0);
        if (got > 0) {
            auto const bytes = static_cast<std::size_t>(got);
            // After a FIN no further edge comes: only the end itself says that all has been read.
            if (bytes < into.size()) watch_.readable = watch_.peer_closed;
            return {progress::moved, bytes};
        }
        if (got == 0) return {progress::closed, 0};
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return {progress::failed, 0};
        watch_.readable = false;
        return {progress::blocked, 0};
    }
}

transfer socket::send(std::string_view bytes) noexcept
{
    if (!watch_.writable) return {progress::blocked, 0};
    auto const flags = MSG_NOSIGNAL | (more_follows_ ? MSG_MORE : 0);
    for (;;) {
        auto const sent = ::send(descriptor_, bytes.data(), bytes.size(), flags);
        if (sent >= 0) {
            if (static_cast<std::size_t>(sent) < bytes.size()) watch_.writable = false;
            return {progress::moved, static_cast<std::size_t>(sent)};
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return {progress::failed, 0};
        watch_.writable = false;
        return {progress::blocked, 0};
    }
}

transfer socket::peek(std::span<char> into) noexcept
{
    auto const got = recv(descriptor_, into.data(), into.size(), MSG_PEEK);
    if (got > 0) return {progress::moved, static_cast<std::size_t>(got)};
    if (got == 0) return {progress::closed, 0};
    auto const later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {later ? progress::blocked : progress::failed, 0};
}

int socket::connect_error() noexcept
{
    if (!watch_.writable) return -1;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    if (error != 0) return error;
    sockaddr_storage peer{};
    socklen_t peer_size = sizeof peer;
    if (getpeername(descriptor_, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0) return 0;
    watch_.writable = false; // the event that was noted was the registration's own
    return -1;
}

void socket::finish() noexcept
{
    if (open()) shutdown(descriptor_, SHUT_WR);
}

void socket::reset_on_close() noexcept
{
    linger const at_once{1, 0};
    if (open()) setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void socket::close() noexcept
{
    if (open()) ::close(std::exchange(descriptor_, -1));
}

} // namespace gateway::wire
