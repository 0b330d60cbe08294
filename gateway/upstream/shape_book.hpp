#pragma once
#include "gateway/upstream/demand.hpp"
#include "policy/grant.hpp"

#include <span>
#include <string>
#include <vector>

namespace gateway::upstream {

/// What WebSocket handshakes have in common that could be served by the same open socket.
struct socket_shape {
    std::string head; ///< as it goes upstream, less what is each client's own
    policy::grant_set grants;
    friend bool operator==(socket_shape const&, socket_shape const&) = default;
};

/// Which shapes are asked for in recent times, and how often at once. A shape counts from the second time on:
/// what a client makes up for each of its handshakes would only be opened in vain. Pure: the time is an
/// argument.
class shape_book {
public:
    using time_point = demand::time_point;

    static constexpr std::size_t shapes_max = 4; ///< the least wanted makes room
    static constexpr std::chrono::minutes half_life{5};

    void asked_for(socket_shape const& shape, time_point now);
    void forget(socket_shape const& shape);

    /// How many sockets of that shape should be at hand.
    [[nodiscard]] std::size_t wanted(socket_shape const& shape, time_point now) const;

    struct entry {
        socket_shape shape;
        demand recent{half_life};
        unsigned times = 0;

        [[nodiscard]] std::size_t wanted(time_point now) const noexcept
        {
            return times > 1 ? recent.peak(now) : 0;
        }
    };
    [[nodiscard]] std::span<entry const> all() const noexcept { return entries_; }

private:
    [[nodiscard]] std::vector<entry>::iterator find(socket_shape const& shape);

    std::vector<entry> entries_; ///< the one asked for last stands first
};

} // namespace gateway::upstream
