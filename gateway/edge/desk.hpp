#pragma once
#include "gateway/base/ip_address.hpp"
#include "gateway/base/pressure.hpp"
#include "gateway/base/request_id.hpp"
#include "gateway/edge/terms.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gateway::edge {

class connection;

/// Where one worker's connections do their work, and the terms in force there.
struct desk : loop {
    desk(surroundings const& all, std::shared_ptr<generation const> first);

    surroundings const& around;
    wake_queue handshakes; ///< of connections whose hello has come: one begins in each turn, if it may

    published<certs::server_tls>::reader server_tls;
    published<policy::revocation_list>::reader revoked;

    request_ids ids;
    std::string log_lines; ///< written since the last tick
    std::size_t log_lines_count = 0;
    bool draining = false; ///< every answer is the last on its connection
    bool closed = false;   ///< nobody comes in any more; a client has `limits.closing` to ask for something
    gateway::pressure pressure = gateway::pressure::none;
    std::function<void(connection&)> ended;           ///< takes a connection whose life is over
    std::function<void(std::function<void()>)> later; ///< from any thread: done in one of the next turns

    /// All that are in use, also by what began under other terms. Each leaves when it ends.
    boost::intrusive::list<supply, boost::intrusive::constant_time_size<false>> supplies;
    /// What requests that begin from now on are served by.
    boost::intrusive_ptr<terms> in_force;
    /// Puts others in force. A supply that is new is not started yet; the one before cools down.
    void put_in_force(std::shared_ptr<generation const> next);

    /// Notes what has happened (waiting up to `patience` for it, if nobody has anything to do), lets everyone
    /// concerned run once and one handshake begin.
    void run_turn(std::chrono::milliseconds patience);
    [[nodiscard]] bool idle() const noexcept
    {
        return wakes.empty() && (handshakes.empty() || !handshake_may_begin());
    }
    [[nodiscard]] bool handshake_may_begin() const noexcept
    {
        return metrics.handshakes_open.get() < in_force->limits.handshakes;
    }
    /// Whose word on who a client is counts.
    [[nodiscard]] bool is_proxy(ip_address const& address) const noexcept
    {
        return any_has(in_force->configuration.listen.proxies, address);
    }
    /// For a connection of `who`. Nothing: its address has as many as it may. A proxy has those of many
    /// clients, which are not counted.
    [[nodiscard]] std::optional<connection_counts::seat> seat_for(sender const& who) const noexcept
    {
        if (is_proxy(who.address)) return connection_counts::seat();
        return around.guard.connections.take(who.key);
    }
};

/// Wall time, for tokens.
[[nodiscard]] policy::seconds_since_epoch wall_clock() noexcept;

} // namespace gateway::edge
