#pragma once
#include "tests/bench/wire/clock.hpp"
#include "tests/bench/wire/descriptor.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <sys/epoll.h>

namespace bench {

/// An epoll set, level-triggered.
class poller {
public:
    poller();

    void set(int operation, int socket, std::uint32_t events, void* tag);
    /// What is ready within `time`, which may be none; without a time it waits for ever.
    [[nodiscard]] std::span<epoll_event const> wait(std::optional<nanoseconds> time);

private:
    descriptor set_;
    std::array<epoll_event, 256> ready_{};
};

/// What one socket is watched for. A change that changes nothing costs no system call; closing the socket
/// ends the watch.
class interest {
public:
    interest(poller& in, int socket, void* tag) : in_(&in), socket_(socket), tag_(tag) {}

    void be(std::uint32_t events);

private:
    poller* in_;
    int socket_;
    void* tag_;
    std::uint32_t events_ = 0;
};

} // namespace bench
