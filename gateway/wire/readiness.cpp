#include "gateway/wire/readiness.hpp"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace gateway::wire {

readiness::readiness() : set_(epoll_create1(EPOLL_CLOEXEC))
{
    if (set_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

readiness::~readiness() { close(set_); }

bool readiness::add(int descriptor, watch& w) noexcept
{
    return add(descriptor, w, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

bool readiness::add_source(int descriptor, watch& w) noexcept { return add(descriptor, w, EPOLLIN); }

bool readiness::add_shared(int descriptor, watch& w) noexcept
{
    return add(descriptor, w, EPOLLIN | EPOLLEXCLUSIVE);
}

bool readiness::wait_anew(int descriptor, watch& w) noexcept
{
    remove(descriptor);
    return add_shared(descriptor, w);
}

void readiness::remove(int descriptor) noexcept { epoll_ctl(set_, EPOLL_CTL_DEL, descriptor, nullptr); }

bool readiness::add(int descriptor, watch& w, std::uint32_t events) noexcept
{
    epoll_event interest{};
    interest.events = events;
    interest.data.ptr = &w;
    return epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &interest) == 0;
}

void readiness::note_events(std::chrono::milliseconds patience) noexcept
{
    std::array<epoll_event, 256>
        events; // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
    for (;;) {
        auto const count = epoll_wait(
            set_, events.data(), static_cast<int>(events.size()), static_cast<int>(patience.count()));
        for (auto i = 0; i < count; ++i) {
            auto const& event = events[static_cast<std::size_t>(i)];
            auto& w = *static_cast<watch*>(event.data.ptr);
            constexpr auto closed = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
            if ((event.events & closed) != 0) w.peer_closed = true;
            if ((event.events & (EPOLLIN | closed)) != 0) w.readable = true;
            if ((event.events & (EPOLLOUT | closed)) != 0) w.writable = true;
            if (w.owner) w.owner->wake();
        }
        if (count < static_cast<int>(events.size())) return;
        patience = {};
    }
}

} // namespace gateway::wire
