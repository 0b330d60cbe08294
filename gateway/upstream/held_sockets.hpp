#pragma once
#include "certs/random.hpp"
#include "gateway/upstream/pool.hpp"
#include "gateway/upstream/shape_book.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::upstream {

using bearer_ptr = std::shared_ptr<certs::secret const>;

/// A WebSocket that is open and authorised, over which nothing has gone yet.
struct held_socket {
    lease link;
    socket_shape shape;
    bearer_ptr bearer;  ///< with which it was opened
    std::string answer; ///< the head of the upstream's 101, as it came
    std::chrono::steady_clock::time_point until;
};

/// One worker's held WebSockets, for the shapes that are asked for in recent times, no more of them than
/// configured: each counts as one of the plan's parallel sockets (contract §6). One on which the upstream
/// says anything at all is dropped, for nothing may be swallowed; so is one that was opened with a credential
/// that has been replaced since.
class held_sockets {
public:
    /// All must outlive it.
    held_sockets(
        wake_queue& wakes,
        deadlines& wheel,
        warm_config const& config,
        published<credentials> const& current,
        certs::random_source const& random);

    [[nodiscard]] bool in_use() const noexcept { return config_.websockets > 0; }
    /// A client asks for a socket of this shape. The one that is handed over is quiet at this moment; its
    /// events wake `owner` from now on.
    [[nodiscard]] std::optional<held_socket> take(socket_shape const& shape, waker& owner);

    /// A socket that should be opened: what is wanted, and with which credential.
    struct order {
        socket_shape shape;
        bearer_ptr bearer;
    };
    [[nodiscard]] std::optional<order> lacking();
    void keep(order what, lease over, std::string answer);
    /// The upstream does not open sockets of this shape.
    void refused(socket_shape const& shape) { book_.forget(shape); }

    void tend();      ///< drops what is over, too old or not wanted any more
    void drop_all();  ///< others are opened in their place
    void cool_down(); ///< drops all; nothing is lacking from now on
    [[nodiscard]] waker& wake() noexcept { return wake_; } ///< woken by takes and by news of held sockets
    [[nodiscard]] std::size_t size() const noexcept { return held_.size(); }
    /// How many the upstream has ended, or has spoken on, so far.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

private:
    [[nodiscard]] bool is_over(held_socket& one);
    void say_goodbye(link& to) const;

    deadlines& wheel_;
    warm_config const& config_;
    published<credentials>::reader credentials_;
    certs::random_source const& random_;
    waker wake_;
    shape_book book_;
    std::uint64_t lost_ = 0;
    bool cooling_down_ = false;
    std::vector<held_socket> held_; ///< the newest last
};

} // namespace gateway::upstream
