#pragma once
#include "certs/keyring.hpp"
#include "certs/random.hpp"
#include "certs/signature_keys.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/published.hpp"
#include "gateway/edge/doorkeeper.hpp"
#include "gateway/session/handoff.hpp"
#include "gateway/session/renewals.hpp"
#include "gateway/session/revocations.hpp"
#include "gateway/watch/access_log.hpp"

#include <functional>

namespace gateway::edge {

/// What all workers share as long as the process lives, whatever is in force: immutable, or safe from every
/// thread. Owned by `app`.
struct surroundings {
    published<certs::key_set> const& token_keys;
    published<certs::signature_keys> const& app_keys;
    published<certs::server_tls> const& server_tls;
    session::revocations& revoked;
    session::renewals& renewals;
    session::handoffs& handoffs;
    doorkeeper& guard;
    watch::access_log& log;
    certs::random_source random;
    std::function<void()> terms_ended; ///< a worker serves nothing more under some terms
};

} // namespace gateway::edge
