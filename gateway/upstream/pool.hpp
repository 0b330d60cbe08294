#pragma once
#include "certs/client_sessions.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/deadlines.hpp"
#include "gateway/base/published.hpp"
#include "gateway/base/task.hpp"
#include "gateway/upstream/credential.hpp"
#include "gateway/upstream/demand.hpp"
#include "gateway/upstream/link.hpp"

#include <functional>
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

/// What a pool has done since it began.
struct pool_counts {
    std::uint64_t full_handshakes = 0;
    std::uint64_t resumed_handshakes = 0;
    std::uint64_t opened_ahead = 0;
    std::uint64_t lost_unused = 0; ///< of those, ended by the upstream before they carried a request
};

/// One worker's connections to the upstream (RFC 9112 §9.3): the idle ones, newest first, and how new ones
/// are made.
class pool {
public:
    /// Everything handed in must outlive the pool. `random` gives numbers in [0, 1).
    pool(
        wire::readiness& set,
        wake_queue& wakes,
        deadlines& wheel,
        upstream_config const& config,
        limits_config const& limits,
        published<certs::context_ptr> const& trusted,
        published<addresses> const& where,
        std::function<double()> random);

    /// An idle link whose events wake `owner` from now on; nothing when there is none.
    [[nodiscard]] lease take_idle(waker& owner);
    /// A new link. Tries each known address in turn until one answers; gives up when `client`, who waits for
    /// it, has left.
    [[nodiscard]] task<connected> connect(waker& owner, wire::socket const* client);
    /// Keeps `done` for the next request, if there is room.
    void give_back(lease done);

    /// True when recent demand calls for one more idle link than there is, and there is room for it.
    [[nodiscard]] bool lacks() const noexcept;
    /// Keeps what was opened for no request in particular.
    void keep_ahead(lease fresh);
    /// Wakes `opener` whenever one of the last idle links is taken.
    void tell_of_takes(waker& opener) noexcept { opener_ = &opener; }
    /// Who may vouch for the upstream has changed: what is idle closes, what is in use is not used again, and
    /// no session of it is resumed.
    void trust_anew();
    [[nodiscard]] bool trusts(link const& one) const noexcept { return sessions_.rules(one.tls.native()); }
    /// Closes what is idle; nothing is opened ahead nor kept from now on.
    void cool_down() noexcept;

    /// Drops idle links that the upstream has closed or that have been idle for too long; never returns.
    [[nodiscard]] task<> tend();
    [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }
    [[nodiscard]] pool_counts const& counts() const noexcept { return counts_; }

private:
    friend struct end_of_lease;
    [[nodiscard]] task<connected>
    dial(boost::asio::ip::tcp::endpoint to, waker& owner, deadline& timer, wire::socket const* client);
    void keep(lease idle);
    [[nodiscard]] bool is_over(link& idle) noexcept;

    wire::readiness* set_;
    deadlines* wheel_;
    upstream_config const* config_;
    limits_config const* limits_;
    published<certs::context_ptr>::reader trusted_;
    published<addresses>::reader where_;
    std::function<double()> random_;
    certs::client_sessions sessions_;
    demand demand_;
    pool_counts counts_;
    waker wake_; ///< of `tend`: an idle link has news
    waker* opener_ = nullptr;
    std::size_t open_ = 0;
    bool cooling_down_ = false;
    std::vector<lease> idle_;
};

} // namespace gateway::upstream
