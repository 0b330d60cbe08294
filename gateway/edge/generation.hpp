#pragma once
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/session/authorizer.hpp"
#include "gateway/upstream/credential.hpp"
#include "gateway/upstream/resolver.hpp"
#include "policy/route.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace gateway::edge {

/// How one upstream is reached: where it is, who vouches for it and what it is shown, as the control thread
/// keeps it. Safe from every thread.
struct upstream_side {
    upstream_config const& configuration;
    published<certs::context_ptr> const& trust;
    published<upstream::addresses> const& addresses;
    published<upstream::credentials> const& credentials;
    upstream::credential_keeper& keeper;
};

/// What one configuration comes to, for all workers: immutable, or safe from every thread. It is there until
/// the last request has ended that began while it was in force. What did not change from one to the next they
/// share.
struct generation {
    explicit generation(config of) : configuration(std::move(of)), routes(configuration.routes) {}

    config const configuration;
    policy::route_table const routes;
    std::vector<std::size_t> route_places; ///< in `watch::worker_metrics::requests`, of each row
    std::shared_ptr<upstream_side const> upstream;
    std::shared_ptr<session::authorizer> authorizer; ///< null: the app is not asked
    std::function<void()> app_key_missing;           ///< a token names a key that is not there; may be empty
};

} // namespace gateway::edge
