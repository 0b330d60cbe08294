#include "gateway/session/renewals.hpp"

#include <algorithm>

namespace gateway::session {

void renewals::note(
    std::string_view sid, policy::seconds_since_epoch stream_until, policy::seconds_since_epoch now)
{
    auto const lock = std::scoped_lock(guard_);
    auto const known = until_.find(sid);
    if (known != until_.end()) {
        known->second = std::max(known->second, stream_until);
        return;
    }
    if (until_.size() >= std::min(swept_at_, entries_max_)) forget_ended(now);
    if (until_.size() < entries_max_) until_.emplace(sid, stream_until);
}

/// Twice as many as are left may come before it is worth while again.
void renewals::forget_ended(policy::seconds_since_epoch now)
{
    std::erase_if(until_, [now](auto const& one) { return one.second <= now; });
    swept_at_ = std::max<std::size_t>(64, 2 * until_.size());
}

std::optional<policy::seconds_since_epoch> renewals::stream_until(std::string_view sid) const
{
    auto const lock = std::scoped_lock(guard_);
    auto const known = until_.find(sid);
    if (known == until_.end()) return std::nullopt;
    return known->second;
}

std::size_t renewals::size() const
{
    auto const lock = std::scoped_lock(guard_);
    return until_.size();
}

} // namespace gateway::session
