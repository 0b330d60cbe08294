#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/random_seed.hpp"
#include "gateway/edge/connection_counts.hpp"
#include "gateway/edge/failed_attempts.hpp"
#include "gateway/edge/rejected_tokens.hpp"
#include "gateway/edge/sender.hpp"
#include "gateway/session/proven_credentials.hpp"
#include "policy/client_network.hpp"
#include "policy/standing.hpp"

namespace gateway::edge {

/// What all workers know of addresses and credentials, so that one client cannot take what others need.
struct doorkeeper {
    doorkeeper(limits_config const& limits, certs::random_source const& random)
        : connections(limits.connections_per_address),
          failures(limits),
          proven(limits.failure_entries, random_hash_seed(random)),
          rejected(limits, random_hash_seed(random)),
          hash_(random_hash_seed(random))
    {
    }

    [[nodiscard]] sender know(ip_address const& address) const
    {
        return {address, address.text(), hash_(policy::client_network::of_v6(address.bytes()).bytes())};
    }

    connection_counts connections;
    failed_attempts failures;
    session::proven_credentials proven;
    rejected_tokens rejected;

private:
    policy::seeded_hash hash_;
};

/// What is held against the sender of one request.
class caution final : public policy::standing {
public:
    using time_point = failed_attempts::time_point;

    caution(doorkeeper& at, std::uint64_t address, time_point now) noexcept
        : at_(at), address_(address), now_(now)
    {
    }

    [[nodiscard]] bool may_try(std::string_view credential) noexcept override
    {
        if (wait() == std::chrono::milliseconds{0}) return true;
        if (!at_.proven.has(credential)) return false;
        let_pass_ = credential;
        return true;
    }
    [[nodiscard]] bool was_rejected(std::string_view token) const noexcept override
    {
        return at_.rejected.has(token, now_);
    }

    /// Until its address may fail again.
    [[nodiscard]] std::chrono::milliseconds wait() const { return at_.failures.wait(address_, now_); }
    /// The credential was none. Called while it is still in memory.
    void failed()
    {
        at_.failures.note(address_, now_);
        if (!let_pass_.empty()) at_.proven.forget(let_pass_);
    }

private:
    doorkeeper& at_;
    std::uint64_t address_;
    time_point now_;
    std::string_view let_pass_; ///< as it is known, although its address has to wait
};

} // namespace gateway::edge
