#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "policy/grant.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::upstream {

/// Where the upstream is now: what the last successful look-up said. Empty until the first one.
using addresses = std::vector<boost::asio::ip::tcp::endpoint>;

/// What `Authorization: Bearer` carries upstream, for each set of grants in use (`policy::grant_set::index`).
/// Nothing yet: the token is being minted. `failed`: the last attempt failed and there is no token that still lives.
struct credentials {
    struct entry {
        std::shared_ptr<certs::secret const> bearer;
        bool failed = false;
    };
    std::array<entry, policy::grant_set::distinct> by_grants;
};

/// Keeps `addresses` fresh: looks the host up at once and every `resolve_every`; a failed look-up keeps the last good
/// answer and is tried again after 1 s. An IP address needs no look-up. Runs on the control thread.
class resolver {
public:
    resolver(boost::asio::io_context& control, upstream_config const& config, published<addresses>& out);
    ~resolver();
    void start();
    void stop();

private:
    struct state;
    std::shared_ptr<state> state_;
};

/// Keeps one Cartesia access token for each set of grants in use, so that the upstream enforces the same grants: minted
/// with the API key at POST /access-token (contract §4), single flight, renewed at 80 % of its life less up to 10 % jitter,
/// tried again with back-off (0.5 s doubling to 30 s) while the old one still lives. With `credential: api_key` it
/// publishes the key itself for every set and mints nothing. Runs on the control thread; `want` may be called from any.
class credential_keeper {
public:
    /// `changed` runs on the control thread after each publication (workers are told to look again).
    credential_keeper(
        boost::asio::io_context& control, upstream_config const& config, certs::secret api_key,
        published<addresses> const& where, published<credentials>& out, std::function<void()> changed);
    ~credential_keeper();

    /// A request needs this set: mint it unless it is there or under way. Thread-safe, cheap when called again.
    void want(policy::grant_set grants);
    /// The upstream answered 401 to this set's token: mint a new one, at most once in 5 s. Thread-safe.
    void rejected(policy::grant_set grants);
    void stop();

private:
    struct state;
    std::shared_ptr<state> state_;
};

}
