#pragma once
#include "certs/keyring.hpp"
#include "certs/random.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/cross_origin.hpp"
#include "gateway/base/deadlines.hpp"
#include "gateway/base/ip_address.hpp"
#include "gateway/base/pressure.hpp"
#include "gateway/base/published.hpp"
#include "gateway/base/request_id.hpp"
#include "gateway/base/signature_verifier.hpp"
#include "gateway/base/token_cipher.hpp"
#include "gateway/edge/doorkeeper.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/relay/socket_opener.hpp"
#include "gateway/session/authorizer.hpp"
#include "gateway/session/endpoints.hpp"
#include "gateway/session/renewals.hpp"
#include "gateway/session/revocations.hpp"
#include "gateway/upstream/credential.hpp"
#include "gateway/upstream/held_sockets.hpp"
#include "gateway/upstream/pool.hpp"
#include "gateway/upstream/warm_keeper.hpp"
#include "gateway/watch/access_log.hpp"
#include "gateway/watch/metrics.hpp"
#include "gateway/wire/readiness.hpp"
#include "policy/judge.hpp"

#include <functional>
#include <optional>
#include <string>

namespace gateway::edge {

/// What all workers share: immutable, or safe from every thread. Owned by `app`.
struct surroundings {
    config const& configuration;
    policy::route_table const& routes;
    published<certs::key_set> const& token_keys;
    published<certs::signature_keys> const& app_keys;
    published<certs::server_tls> const& server_tls;
    published<certs::context_ptr> const& upstream_trust;
    published<upstream::addresses> const& addresses;
    published<upstream::credentials> const& credentials;
    upstream::credential_keeper& keeper;
    session::revocations& revoked;
    session::renewals& renewals;
    session::handoffs& handoffs;
    doorkeeper& guard;
    session::authorizer* authorizer;       ///< null: the app is not asked
    std::function<void()> app_key_missing; ///< a token names a key that `app_keys` has not; may be empty
    watch::access_log& log;
    certs::random_source random;
};

class connection;

/// Where one worker's connections do their work: its clock, memory, pool, judge and counters. Nothing of it
/// is touched by another thread but the counters, which are read.
struct desk {
    explicit desk(surroundings const& all);

    surroundings const& around;
    config const& configuration;
    limits_config const& limits;
    wire::head_limits const head_limits;

    wire::readiness sockets;
    wake_queue wakes;
    wake_queue handshakes; ///< of connections whose hello has come: one begins in each turn, if it may
    deadlines wheel;
    relay::scratch memory;
    upstream::pool pool;
    upstream::warm_keeper warm;
    upstream::held_sockets held;
    relay::socket_opener opener;

    token_cipher cipher;
    signature_verifier verifier;
    policy::judge judge;
    session::endpoints endpoints;
    gateway::cross_origin cross_origin;
    published<certs::server_tls>::reader server_tls;
    published<upstream::credentials>::reader credentials;
    published<policy::revocation_list>::reader revoked;

    request_ids ids;
    watch::worker_metrics metrics;
    std::string log_lines; ///< written since the last tick
    std::size_t log_lines_count = 0;
    bool draining = false; ///< every answer is the last on its connection
    bool closed = false;   ///< nobody comes in any more; a client has `limits.closing` to ask for something
    gateway::pressure pressure = gateway::pressure::none;
    std::function<void(connection&)> ended; ///< takes a connection whose life is over
    std::function<void(std::function<void()>)> later; ///< from any thread: done in one of the next turns

    /// Notes what has happened (waiting up to `patience` for it, if nobody has anything to do), lets everyone
    /// concerned run once and one handshake begin.
    void run_turn(std::chrono::milliseconds patience);
    [[nodiscard]] bool idle() const noexcept
    {
        return wakes.empty() && (handshakes.empty() || !handshake_may_begin());
    }
    [[nodiscard]] bool handshake_may_begin() const noexcept
    {
        return metrics.handshakes_open.get() < limits.handshakes;
    }
    /// The credential that goes upstream for a client that is who it says; empty: none is at hand yet.
    [[nodiscard]] std::string_view bearer_for(policy::bearer_of_token const& who);
    [[nodiscard]] relay::services lend() noexcept;
    /// Whose word on who a client is counts.
    [[nodiscard]] bool is_proxy(ip_address const& address) const noexcept
    {
        return any_has(configuration.listen.proxies, address);
    }
    /// For a connection of `who`. Nothing: its address has as many as it may. A proxy has those of many
    /// clients, which are not counted.
    [[nodiscard]] std::optional<connection_counts::seat> seat_for(sender const& who) const noexcept
    {
        if (is_proxy(who.address)) return connection_counts::seat();
        return around.guard.connections.take(who.key);
    }
    /// A socket that is open already and just what the request being served asks for. `owner` is woken by it.
    [[nodiscard]] std::optional<upstream::held_socket>
    take_held(policy::admission const& permit, waker& owner);
    /// What `Host` is upstream.
    std::string upstream_authority;
};

/// Wall time, for tokens.
[[nodiscard]] policy::seconds_since_epoch wall_clock() noexcept;

} // namespace gateway::edge
