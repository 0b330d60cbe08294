#include "gateway/session/handoff.hpp"

#include <algorithm>

namespace gateway::session {

handoffs::verdict
handoffs::redeem(std::string_view id, policy::seconds_since_epoch until, policy::seconds_since_epoch now)
{
    auto const lock = std::scoped_lock(guard_);
    if (until_.contains(id)) return verdict::again;
    if (until_.size() >= std::min(swept_at_, entries_max_)) {
        std::erase_if(until_, [now](auto const& one) { return one.second <= now; });
        // Twice as many as are left may come before it is worth while again.
        swept_at_ = std::max<std::size_t>(64, 2 * until_.size());
    }
    if (until_.size() >= entries_max_) return verdict::full;
    until_.emplace(id, until);
    return verdict::first;
}

std::size_t handoffs::size() const
{
    auto const lock = std::scoped_lock(guard_);
    return until_.size();
}

policy::seconds_since_epoch handoff_until(policy::claims const& about, std::chrono::seconds lifetime) noexcept
{
    return std::min(about.issued_at + lifetime, about.expires_at);
}

std::variant<policy::claims, policy::denial, fault> redeem_handoff(
    std::string_view code,
    policy::token_cipher const& cipher,
    handoffs& redeemed,
    handoff_terms const& terms,
    policy::revocation_list const& revoked,
    policy::seconds_since_epoch now)
{
    auto about = policy::open_sealed(code, cipher, now, policy::sealed_use::handoff);
    if (!about) return fault::handoff_unknown;
    auto const until = handoff_until(*about, terms.lifetime) + terms.leeway;
    if (now >= until) return fault::handoff_expired;
    if (auto const flaw = policy::flaw_in_lifetime(*about, now, terms.leeway)) return *flaw;
    if (revoked.matches(*about, now)) return policy::denial::token_revoked;
    switch (redeemed.redeem(about->jti, until, now)) {
    case handoffs::verdict::first:
        return std::move(*about);
    case handoffs::verdict::again:
        return fault::handoff_used;
    case handoffs::verdict::full:
        break;
    }
    return fault::overloaded;
}

} // namespace gateway::session
