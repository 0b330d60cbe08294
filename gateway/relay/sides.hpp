#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/deadlines.hpp"
#include "gateway/upstream/pool.hpp"
#include "gateway/wire/body.hpp"
#include "gateway/wire/head.hpp"
#include "gateway/wire/tls_stream.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::relay {

/// A worker's working memory: bytes are read into it, judged and sent on within one turn, so a connection
/// that waits owns none. In front of the window is room for a response head and a chunk line or for bytes
/// that a frame follower held back, behind it for what ends a chunk or a body.
class scratch {
public:
    static constexpr std::size_t room_before = std::size_t{4} * 1024;
    static constexpr std::size_t head_room = room_before - wire::chunk_line_bytes_max;
    static constexpr std::size_t room_behind = 32;

    explicit scratch(std::size_t window) : bytes_(room_before + window + room_behind) {}
    [[nodiscard]] std::span<char> window() noexcept
    {
        return std::span(bytes_).subspan(room_before, bytes_.size() - room_before - room_behind);
    }

    wire::request_head request; ///< the head that was read last; its views point into `window`
    wire::response_head response;
    std::string out; ///< for heads that are being written

private:
    std::vector<char> bytes_;
};

/// The client's end of an exchange. What was read of it and not used stands in `unread`.
struct client_side {
    wire::socket& socket;
    wire::tls_stream& tls;
    waker& wake; ///< woken by everything that may matter to this connection
    deadline& timer;
    std::string& unread;
};

/// What a worker lends to an exchange.
struct services {
    limits_config const& limits;
    deadlines& wheel;
    upstream::pool& pool;
    scratch& memory;
    std::chrono::seconds hsts_max_age;
};

/// After so many steps in a row a relay lets the worker's other connections run.
inline constexpr unsigned moves_in_a_turn = 16;

/// What one side of a relay did in one step.
enum class step : std::uint8_t {
    moved,   ///< something; try again
    blocked, ///< nothing can be done until a socket has news
    done,    ///< this direction is complete
    failed,  ///< this direction cannot go on
};

/// What a relay awaits when it has done what can be done now.
enum class pause : std::uint8_t {
    news, ///< of one of its sockets, of its deadline, or an order from outside
    turn, ///< the others' turn: there is more to do at once
    over, ///< nothing
};

[[nodiscard]] inline waker::awaiter until(pause what, waker& wake) noexcept
{
    return what == pause::turn ? wake.yield() : wake.next();
}

} // namespace gateway::relay
