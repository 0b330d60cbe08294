#include "policy/revocation.hpp"

#include <algorithm>

namespace policy {

std::size_t revocation_list::hash::operator()(key_view key) const noexcept
{
    return std::hash<std::string_view>{}(key.id) + static_cast<std::size_t>(key.what);
}

revocation_list::revocation_list(std::size_t entries_max) : entries_max_(entries_max) {}

void revocation_list::add(
    revoked_by what, std::string_view id, seconds_since_epoch until, seconds_since_epoch issued_until)
{
    auto const bytes_max = what == revoked_by::subject ? subject_bytes_max : id_bytes_max;
    if (id.empty() || id.size() > bytes_max) return;

    if (auto const known = entries_.find(key_view{what, id}); known != entries_.end()) {
        known->second.until = std::max(known->second.until, until);
        known->second.issued_until = std::max(known->second.issued_until, issued_until);
        return;
    }
    if (entries_.size() >= entries_max_ && !make_room_for(until)) return;
    entries_.emplace(key{what, std::string(id)}, entry{until, issued_until});
}

/// A search through all entries: a full list is rare, and publishing a changed one copies them all anyway.
bool revocation_list::make_room_for(seconds_since_epoch until)
{
    ++overflowed_;
    auto const first = std::ranges::min_element(entries_, {}, [](auto const& e) { return e.second.until; });
    if (first == entries_.end() || first->second.until >= until)
        return false; // the new one would leave first
    entries_.erase(first);
    return true;
}

bool revocation_list::matches(claims const& about, seconds_since_epoch now) const noexcept
{
    if (entries_.empty()) return false;
    return has(revoked_by::token_id, about.jti, about, now) ||
           has(revoked_by::session, about.sid, about, now) || has(revoked_by::subject, about.sub, about, now);
}

bool revocation_list::has(
    revoked_by what, std::string_view id, claims const& about, seconds_since_epoch now) const noexcept
{
    auto const found = entries_.find(key_view{what, id}); // an empty id is never added, so it finds nothing
    return found != entries_.end() && now < found->second.until &&
           about.issued_at <= found->second.issued_until;
}

void revocation_list::forget_expired(seconds_since_epoch now)
{
    std::erase_if(entries_, [now](auto const& e) { return e.second.until <= now; });
}

} // namespace policy
