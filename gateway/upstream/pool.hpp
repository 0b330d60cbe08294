#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/deadlines.hpp"
#include "gateway/base/published.hpp"
#include "gateway/base/task.hpp"
#include "gateway/upstream/credential.hpp"
#include "gateway/upstream/link.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace gateway::upstream {

/// Why there is no connection.
enum class connect_failure : std::uint8_t { no_address, refused, tls, timeout, too_many, given_up };

class pool;

/// Ends a link that will not be used again: close_notify, then the socket.
struct end_of_lease {
    pool* from = nullptr;
    void operator()(link* over) const noexcept;
};

/// A link for as long as one request or stream needs it.
using lease = std::unique_ptr<link, end_of_lease>;

/// One attempt's result: a link, or why not.
struct connected {
    lease to;
    connect_failure why = connect_failure::no_address;
};

/// One worker's connections to the upstream (RFC 9112 §9.3): the idle ones, newest first, and how new ones
/// are made.
class pool {
public:
    /// Everything handed in must outlive the pool.
    pool(
        wire::readiness& set,
        wake_queue& wakes,
        deadlines& wheel,
        upstream_config const& config,
        limits_config const& limits,
        SSL_CTX* context,
        published<addresses> const& where);

    /// An idle link whose events wake `owner` from now on; nothing when there is none.
    [[nodiscard]] lease take_idle(waker& owner);
    /// A new link. Tries each known address in turn until one answers; gives up when `client` has left.
    [[nodiscard]] task<connected> connect(waker& owner, wire::socket const& client);
    /// Keeps `done` for the next request, if there is room.
    void give_back(lease done);

    /// Drops idle links that the upstream has closed or that have been idle for too long; never returns.
    [[nodiscard]] task<> tend();
    void close_idle() noexcept { idle_.clear(); }
    [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }

private:
    friend struct end_of_lease;
    [[nodiscard]] task<connected>
    dial(boost::asio::ip::tcp::endpoint to, waker& owner, deadline& timer, wire::socket const& client);

    wire::readiness* set_;
    deadlines* wheel_;
    upstream_config const* config_;
    limits_config const* limits_;
    SSL_CTX* context_;
    published<addresses>::reader where_;
    waker wake_; ///< of `tend`: an idle link has news
    std::size_t open_ = 0;
    std::vector<lease> idle_;
};

} // namespace gateway::upstream
