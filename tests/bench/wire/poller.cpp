#include "tests/bench/wire/poller.hpp"

#include <algorithm>

namespace bench {

poller::poller() : set_(epoll_create1(EPOLL_CLOEXEC)) {}

void poller::set(int operation, int socket, std::uint32_t events, void* tag)
{
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.ptr = tag;
    epoll_ctl(set_.get(), operation, socket, &wanted);
}

std::span<epoll_event const> poller::wait(std::optional<nanoseconds> time)
{
    // Milliseconds would be too coarse for events that are 5 ms apart.
    timespec within{};
    if (time) {
        auto const left = std::max(*time, nanoseconds{0});
        auto const whole = std::chrono::floor<std::chrono::seconds>(left);
        within.tv_sec = whole.count();
        within.tv_nsec = (left - whole).count();
    }
    auto const room = static_cast<int>(ready_.size());
    auto const n = epoll_pwait2(set_.get(), ready_.data(), room, time ? &within : nullptr, nullptr);
    return std::span(ready_).first(n > 0 ? static_cast<std::size_t>(n) : 0);
}

void interest::be(std::uint32_t events)
{
    if (events == events_) return;
    in_->set(events_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket_, events, tag_);
    events_ = events;
}

} // namespace bench
