#include "policy/revocation.hpp"

#include <algorithm>

namespace policy {

namespace {

constexpr std::size_t parts_max = 4096;
constexpr std::size_t parts_swept_at_once = 16;

/// The root of `entries_max`, rounded up to a power of two.
std::size_t parts_for(std::size_t entries_max) noexcept
{
    std::size_t parts = 1;
    while (parts < parts_max && parts * parts < entries_max)
        parts *= 2;
    return parts;
}

} // namespace

std::string_view name(revoked_by what) noexcept
{
    switch (what) {
    case revoked_by::token_id:
        return "jti";
    case revoked_by::session:
        return "sid";
    case revoked_by::subject:
        return "sub";
    }
    return "unknown";
}

bool revocation_list::entry::is(key const& named) const noexcept
{
    return hash == named.hash && what == named.what && id == named.id;
}

void revocation_list::entry::widen(entry const& by_this) noexcept
{
    if (by_this.by == vouched::verified) by = by_this.by; // from here on it concerns every token
    until = std::max(until, by_this.until);
    issued_until = std::max(issued_until, by_this.issued_until);
    blocked_until = std::max(blocked_until, by_this.blocked_until);
}

void revocation_list::part::note_first() noexcept
{
    first_leaves = {no_time, no_time};
    for (auto const& one : entries) {
        auto& [of_all, of_unverified] = first_leaves;
        of_all = std::min(of_all, one.until);
        if (one.by == vouched::unverified) of_unverified = std::min(of_unverified, one.until);
    }
}

revocation_list::revocation_list(std::size_t entries_max, hash_seed const& seed)
    : entries_max_(entries_max), hash_(seed), parts_(parts_for(entries_max))
{
}

revocation_list::key revocation_list::key_of(revoked_by what, std::string_view id) const noexcept
{
    return {what, id, hash_(id) + static_cast<std::uint64_t>(what)};
}

std::size_t revocation_list::part_of(key const& named) const noexcept
{
    return named.hash & (parts_.size() - 1);
}

revocation_list::entry const* revocation_list::find(key const& named) const noexcept
{
    auto const& in = parts_[part_of(named)];
    if (!in) return nullptr;
    auto at = std::ranges::lower_bound(in->entries, named.hash, {}, &entry::hash);
    while (at != in->entries.end() && at->hash == named.hash && !at->is(named))
        ++at;
    return at != in->entries.end() && at->is(named) ? &*at : nullptr;
}

/// `how` changes a copy's entries, and keeps them in order.
template <class Change>
void revocation_list::change(std::size_t which, Change how)
{
    auto const& before = parts_[which];
    auto next = before ? std::make_shared<part>(*before) : std::make_shared<part>();
    auto const unverified = [&] {
        return std::ranges::count(next->entries, vouched::unverified, &entry::by);
    };
    size_ -= next->entries.size();
    unverified_ -= static_cast<std::size_t>(unverified());
    how(next->entries);
    size_ += next->entries.size();
    unverified_ += static_cast<std::size_t>(unverified());
    next->note_first();
    parts_[which] = next->entries.empty() ? nullptr : std::move(next);
}

void revocation_list::add(
    revoked_by what,
    std::string_view id,
    seconds_since_epoch until,
    vouched by,
    seconds_since_epoch issued_until)
{
    auto const bytes_max = what == revoked_by::subject ? subject_bytes_max : id_bytes_max;
    if (id.empty() || id.size() > bytes_max) return;
    ++added_[static_cast<std::size_t>(what)];

    auto const named = key_of(what, id);
    entry fresh{named.hash, what, by, std::string(id), until, issued_until, seconds_since_epoch::min()};
    if (issued_until == seconds_since_epoch::max()) {
        // Kept apart: an end of all that there is, which lasts for long, must not make a short block last so.
        std::swap(fresh.issued_until, fresh.blocked_until);
        fresh.blocked_until = until;
    }
    auto const known = find(named) != nullptr;
    auto const full =
        by == vouched::unverified ? unverified_ >= (entries_max_ + 15) / 16 : size_ >= entries_max_;
    if (!known && full && !make_room_for(until, by)) return;
    change(part_of(named), [&](std::vector<entry>& entries) {
        auto const same = std::ranges::find_if(entries, [&](entry const& one) { return one.is(named); });
        if (same != entries.end()) return same->widen(fresh);
        auto const at = std::ranges::lower_bound(entries, named.hash, {}, &entry::hash);
        entries.insert(at, std::move(fresh));
    });
}

bool revocation_list::make_room_for(seconds_since_epoch until, vouched by)
{
    ++overflowed_;
    auto const kind = static_cast<std::size_t>(by); // the unverified push out only each other
    auto const leaves = [&](auto const& one) { return one ? one->first_leaves[kind] : no_time; };
    auto const where = std::ranges::min_element(parts_, {}, leaves);
    auto const first = leaves(*where);
    if (first >= until) return false; // the new one would leave first
    change(static_cast<std::size_t>(where - parts_.begin()), [&](std::vector<entry>& entries) {
        auto const may_go = [&](entry const& one) {
            return one.until == first && (by == vouched::verified || one.by == vouched::unverified);
        };
        entries.erase(std::ranges::find_if(entries, may_go));
    });
    return true;
}

bool revocation_list::matches(claims const& about, seconds_since_epoch now, vouched word) const noexcept
{
    if (size_ == 0) return false;
    return has(key_of(revoked_by::token_id, about.jti), about, now, word) ||
           has(key_of(revoked_by::session, about.sid), about, now, word) ||
           has(key_of(revoked_by::subject, about.sub), about, now, word);
}

bool revocation_list::has(
    key const& named, claims const& about, seconds_since_epoch now, vouched word) const noexcept
{
    auto const* const found = find(named); // an empty id is never added, so it finds nothing
    if (!found) return false;
    auto const concerns = found->by == vouched::verified || word == vouched::unverified;
    auto const ended = now < found->until && about.issued_at <= found->issued_until;
    return concerns && (ended || now < found->blocked_until);
}

void revocation_list::forget_expired(seconds_since_epoch now)
{
    std::size_t swept = 0;
    for (std::size_t i = 0; i < parts_.size() && swept < parts_swept_at_once; ++i) {
        if (!parts_[i] || parts_[i]->first_leaves.front() > now) continue;
        change(i, [now](std::vector<entry>& entries) {
            std::erase_if(entries, [now](entry const& one) { return one.until <= now; });
        });
        ++swept;
    }
}

std::size_t revocation_list::in_force(seconds_since_epoch now) const noexcept
{
    std::size_t out = 0;
    for (auto const& one : parts_) {
        if (!one) continue;
        auto const all = one->first_leaves.front() > now;
        auto const lasts = [now](entry const& e) { return e.until > now; };
        out +=
            all ? one->entries.size() : static_cast<std::size_t>(std::ranges::count_if(one->entries, lasts));
    }
    return out;
}

std::uint64_t revocation_list::added(revoked_by what) const noexcept
{
    return added_[static_cast<std::size_t>(what)];
}

} // namespace policy
