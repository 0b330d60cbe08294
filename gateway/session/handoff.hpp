#pragma once
#include "gateway/base/reply.hpp"
#include "policy/revocation.hpp"
#include "policy/seeded_hash.hpp"
#include "policy/token.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace gateway::session {

/// Which hand-off codes have been redeemed. The code itself carries all that it stands for, so that any
/// gateway with the same keys can redeem it; that it is good once is known here, for this process. Safe from
/// every thread.
class handoffs {
public:
    enum class verdict : std::uint8_t { first, again, full };

    /// At most `entries_max` codes are remembered; beyond that none is redeemed until others have expired.
    handoffs(std::size_t entries_max, policy::hash_seed const& seed)
        : entries_max_(entries_max), until_(0, policy::seeded_hash(seed))
    {
    }

    /// Of those who redeem one code, however many at once, one hears `first`. From `until` on the code is
    /// refused for its age, and forgotten here.
    [[nodiscard]] verdict
    redeem(std::string_view id, policy::seconds_since_epoch until, policy::seconds_since_epoch now);
    [[nodiscard]] std::size_t size() const;

private:
    std::size_t entries_max_;
    mutable std::mutex guard_;
    std::unordered_map<std::string, policy::seconds_since_epoch, policy::seeded_hash, std::equal_to<>>
        until_;                 ///< by `jti`
    std::size_t swept_at_ = 64; ///< the size at which those that have expired are looked for
};

/// How long a code is good.
struct handoff_terms {
    std::chrono::seconds lifetime;
    std::chrono::seconds leeway;
};

/// When the code of these claims expires: soon, and never after the token that it stands for.
[[nodiscard]] policy::seconds_since_epoch
handoff_until(policy::claims const& about, std::chrono::seconds lifetime) noexcept;

/// What the code's holder may have: the claims of the token that it stands for. The code is spent then.
[[nodiscard]] std::variant<policy::claims, policy::denial, fault> redeem_handoff(
    std::string_view code,
    policy::token_cipher const& cipher,
    handoffs& redeemed,
    handoff_terms const& terms,
    policy::revocation_list const& revoked,
    policy::seconds_since_epoch now);

} // namespace gateway::session
