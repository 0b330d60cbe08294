#include "policy/revocation.hpp"

#include <algorithm>

namespace policy {

std::size_t revocation_list::hash::operator()(key_view key) const noexcept
{
    return std::hash<std::string_view>{}(key.id) + static_cast<std::size_t>(key.what);
}

revocation_list::revocation_list(std::size_t entries_max) : entries_max_(entries_max) {}

void revocation_list::add(
    revoked_by what, std::string_view id, seconds_since_epoch until, vouched by, seconds_since_epoch issued_until)
{
    auto const bytes_max = what == revoked_by::subject ? subject_bytes_max : id_bytes_max;
    if (id.empty() || id.size() > bytes_max) return;

    if (auto const known = entries_.find(key_view{what, id}); known != entries_.end()) {
        if (by == vouched::verified && known->second.by == vouched::unverified) {
            known->second.by = by; // from here on it concerns every token
            --unverified_;
        }
        known->second.until = std::max(known->second.until, until);
        known->second.issued_until = std::max(known->second.issued_until, issued_until);
        return;
    }
    auto const full = by == vouched::unverified ? unverified_ >= (entries_max_ + 15) / 16 : entries_.size() >= entries_max_;
    if (full && !make_room_for(until, by)) return;
    entries_.emplace(key{what, std::string(id)}, entry{until, issued_until, by});
    if (by == vouched::unverified) ++unverified_;
}

void revocation_list::erase(std::unordered_map<key, entry, hash, equal>::iterator at)
{
    if (at->second.by == vouched::unverified) --unverified_;
    entries_.erase(at);
}

/// A search through all entries: a full list is rare, and publishing a changed one copies them all anyway.
bool revocation_list::make_room_for(seconds_since_epoch until, vouched by)
{
    ++overflowed_;
    auto const may_go = [&](auto const& e) { return by == vouched::verified || e.second.by == vouched::unverified; };
    auto first = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at)
        if (may_go(*at) && (first == entries_.end() || at->second.until < first->second.until)) first = at;
    if (first == entries_.end() || first->second.until >= until) return false; // the new one would leave first
    erase(first);
    return true;
}

bool revocation_list::matches(claims const& about, seconds_since_epoch now, vouched word) const noexcept
{
    if (entries_.empty()) return false;
    return has({revoked_by::token_id, about.jti}, about, now, word) ||
           has({revoked_by::session, about.sid}, about, now, word) ||
           has({revoked_by::subject, about.sub}, about, now, word);
}

bool revocation_list::has(
    key_view named, claims const& about, seconds_since_epoch now, vouched word) const noexcept
{
    auto const found = entries_.find(named); // an empty id is never added, so it finds nothing
    if (found == entries_.end()) return false;
    auto const& [until, issued_until, by] = found->second;
    auto const concerns = by == vouched::verified || word == vouched::unverified;
    return concerns && now < until && about.issued_at <= issued_until;
}

void revocation_list::forget_expired(seconds_since_epoch now)
{
    for (auto at = entries_.begin(); at != entries_.end();) {
        auto const one = at++;
        if (one->second.until <= now) erase(one);
    }
}

} // namespace policy
