#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/upstream/resolver.hpp"
#include "policy/grant.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace gateway::upstream {

/// What an attempt to mint gave: a token, or why there is none, in words for the operator that hold no secret
/// and nothing that the upstream wrote.
struct mint_result {
    certs::secret token;
    std::string flaw;
};

/// Asks Cartesia for access tokens: POST /access-token (contract §4). An attempt may take `deadline`, its
/// answer 64 KiB. For one thread.
class mint_client {
public:
    /// `where` must outlive the client. Throws `std::runtime_error` when the file of trusted certificates
    /// does not load.
    mint_client(
        boost::asio::io_context& control,
        upstream_config const& config,
        certs::secret api_key,
        published<addresses> const& where,
        milliseconds deadline);
    ~mint_client();
    mint_client(mint_client const&) = delete;
    mint_client& operator=(mint_client const&) = delete;

    [[nodiscard]] boost::asio::awaitable<mint_result> mint(policy::grant_set grants);
    /// Whom it asks from the next attempt on.
    void trust_anew(trust in);
    /// Closes every connection; what is under way fails at once.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace gateway::upstream
