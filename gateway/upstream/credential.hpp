#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/upstream/credential_renewal.hpp"
#include "gateway/upstream/notice.hpp"
#include "gateway/upstream/resolver.hpp"
#include "policy/grant.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <functional>
#include <memory>

namespace gateway::upstream {

/// What `Authorization: Bearer` carries upstream, for each set of grants in use (`policy::grant_set::index`).
/// Nothing yet: the token is being minted. `failed`: the last attempt failed and there is no token that still
/// lives.
struct credentials {
    struct entry {
        std::shared_ptr<certs::secret const> bearer;
        bool failed = false;
    };
    std::array<entry, policy::grant_set::distinct> by_grants;
};

/// What stands between the keeper and the world besides the network: for the process's counters, and for
/// tests.
struct keeper_options {
    std::function<void(bool minted)> attempted; ///< after each attempt to mint; on the control thread
    std::function<double()> random;             ///< in [0, 1); empty: the system's generator
    line_sink tell = write_to_stderr;           ///< plain lines for the operator, without any secret
    renewal timing;
};

/// Keeps one Cartesia access token for each set of grants in use, so that the upstream enforces the same
/// grants: minted with the API key at POST /access-token (contract §4), single flight, renewed at 80 % of its
/// life less up to 10 % jitter, tried again with back-off (0.5 s doubling to 30 s) while the old one still
/// lives. A token for which nobody asked in the meantime is not renewed: it is dropped when it ends, unless
/// `upstream.warm.grants` names its set; these are minted at once and kept. With
/// `credential: api_key` it publishes the key itself for every set and mints nothing. Runs on the control
/// thread; `want` and `rejected` may be called from any.
class credential_keeper {
public:
    /// `changed` runs on the control thread after each publication (workers are told to look again).
    /// Throws `std::runtime_error` when the file of trusted certificates does not load.
    credential_keeper(
        boost::asio::io_context& control,
        upstream_config const& config,
        certs::secret api_key,
        published<addresses> const& where,
        published<credentials>& out,
        std::function<void()> changed,
        keeper_options options = {});
    ~credential_keeper(); ///< on the control thread, or when it does not run
    credential_keeper(credential_keeper const&) = delete;
    credential_keeper& operator=(credential_keeper const&) = delete;

    /// A request needs this set: mint it unless it is there or under way. To be called for each request,
    /// since it also marks the token as in use. Thread-safe, cheap when called again.
    void want(policy::grant_set grants);
    /// The upstream answered 401 to this set's token: mint a new one, at most once in 5 s. Thread-safe.
    void rejected(policy::grant_set grants);
    /// Whom it asks for tokens from now on; on the control thread.
    void trust_anew(trust in);
    void stop(); ///< thread-safe

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway::upstream
