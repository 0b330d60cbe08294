#pragma once
#include "gateway/wire/readiness.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace gateway::wire {

/// How far one step of reading or writing came.
enum class progress : std::uint8_t {
    moved,   ///< `bytes` were read or written
    blocked, ///< nothing now; the owner is woken when that changes
    closed,  ///< the peer ended the stream in good order
    failed,  ///< reset, truncated, or a protocol error: nothing more comes or goes
};

struct transfer {
    progress state = progress::blocked;
    std::size_t bytes = 0;
};

/// A non-blocking TCP socket that knows when the kernel has nothing left, and then does not ask: a short
/// `recv` means drained, a short `send` means full, until the next event. Not movable: the kernel holds its
/// address.
class socket {
public:
    /// Takes `descriptor` over and registers it. `owner` is woken by its events.
    socket(readiness& set, int descriptor, waker& owner) noexcept;
    ~socket();
    socket(socket const&) = delete;
    socket& operator=(socket const&) = delete;

    void wake(waker* owner) noexcept { watch_.owner = owner; }
    [[nodiscard]] transfer receive(std::span<char> into) noexcept;
    [[nodiscard]] transfer send(std::string_view bytes) noexcept;
    /// What is sent from now on has more behind it at once: the kernel may put both into one segment. Say
    /// `false` before the last of it.
    void more_follows(bool yes) noexcept { more_follows_ = yes; }

    /// What waits to be read, as far as there is room, without taking it.
    [[nodiscard]] transfer peek(std::span<char> into) noexcept;

    [[nodiscard]] bool open() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] bool readable() const noexcept { return watch_.readable; }
    [[nodiscard]] bool peer_closed() const noexcept { return watch_.peer_closed; }
    /// After a connect that was under way: 0, or the error it met; -1 while it still is.
    [[nodiscard]] int connect_error() noexcept;
    /// Nothing more will be sent (FIN).
    void finish() noexcept;
    /// The peer learns that this ended badly (RST) when the socket closes.
    void reset_on_close() noexcept;
    void close() noexcept;

private:
    int descriptor_;
    watch watch_;
    bool more_follows_ = false;
};

} // namespace gateway::wire
