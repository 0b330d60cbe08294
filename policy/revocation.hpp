#pragma once
#include "policy/seeded_hash.hpp"
#include "policy/token.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// What a revocation matches.
enum class revoked_by : std::uint8_t { token_id, session, subject };
inline constexpr std::array all_revoked_by{revoked_by::token_id, revoked_by::session, revoked_by::subject};

/// The claim that it is compared with: `jti`, `sid`, `sub`.
[[nodiscard]] std::string_view name(revoked_by what) noexcept;

/// Who says what an id is: a token that was verified here (or the operator), or one that only the upstream
/// can verify, whose id may be a forger's choice. The entries of the latter have a sixteenth of the room,
/// push out only each other and match only unverified tokens: an app may choose ids that can be guessed.
enum class vouched : std::uint8_t { verified, unverified };

[[nodiscard]] constexpr vouched vouched_for(token_kind kind) noexcept
{
    return is_verified_here(kind) ? vouched::verified : vouched::unverified;
}

/// The tokens that are no longer good although they have not expired: revoked by `jti`, `sid` or `sub`. An
/// entry leaves when the longest token that it can match has expired. At most `entries_max` entries; when
/// full, the entry that would leave first makes room (be it the new one), and `overflowed` counts it.
///
/// Whoever publishes a changed list copies it first, on a thread that other streams wait for. So the entries
/// lie in about as many parts as each part has entries, copies share them, and a change copies one part.
class revocation_list {
public:
    revocation_list(std::size_t entries_max, hash_seed const& seed);

    /// Tokens that match and were issued at or before `issued_until` are refused until `until`; without
    /// `issued_until`, whenever they were issued. An entry that is there already is only ever widened. An
    /// `id` that no token can have (empty, too long) is not kept.
    void
    add(revoked_by what,
        std::string_view id,
        seconds_since_epoch until,
        vouched by = vouched::verified,
        seconds_since_epoch issued_until = seconds_since_epoch::max());
    /// `word` says whether `about` was verified here. Allocates nothing.
    [[nodiscard]] bool
    matches(claims const& about, seconds_since_epoch now, vouched word = vouched::verified) const noexcept;
    /// Drops entries that match nothing any more; of a few parts at most, so that it never takes long.
    void forget_expired(seconds_since_epoch now);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t in_force(seconds_since_epoch now) const noexcept; ///< of these, not yet expired
    [[nodiscard]] std::uint64_t added(revoked_by what) const noexcept;          ///< ever, again and anew
    [[nodiscard]] std::uint64_t overflowed() const noexcept { return overflowed_; }

private:
    /// What is looked for.
    struct key {
        revoked_by what;
        std::string_view id;
        std::uint64_t hash;
    };
    struct entry {
        std::uint64_t hash;
        revoked_by what;
        vouched by;
        std::string id;
        seconds_since_epoch until;         ///< then it leaves
        seconds_since_epoch issued_until;  ///< up to `until`, refuses what was issued up to here
        seconds_since_epoch blocked_until; ///< up to here, refuses all
        [[nodiscard]] bool is(key const& named) const noexcept;
        void widen(entry const& by_this) noexcept;
    };
    /// Entries in the order of their hashes. Immutable once another list shares it.
    struct part {
        std::vector<entry> entries;
        std::array<seconds_since_epoch, 2> first_leaves{no_time, no_time}; ///< of all; of the unverified ones
        void note_first() noexcept;
    };
    static constexpr auto no_time = seconds_since_epoch::max();

    [[nodiscard]] key key_of(revoked_by what, std::string_view id) const noexcept;
    [[nodiscard]] std::size_t part_of(key const& named) const noexcept;
    [[nodiscard]] entry const* find(key const& named) const noexcept;
    [[nodiscard]] bool
    has(key const& named, claims const& about, seconds_since_epoch now, vouched word) const noexcept;
    [[nodiscard]] bool make_room_for(seconds_since_epoch until, vouched by);
    template <class Change>
    void change(std::size_t which, Change how);

    std::size_t entries_max_;
    seeded_hash hash_;
    std::size_t size_ = 0;
    std::size_t unverified_ = 0; ///< how many of the entries are
    std::uint64_t overflowed_ = 0;
    std::array<std::uint64_t, all_revoked_by.size()> added_{};
    std::vector<std::shared_ptr<part const>> parts_; ///< as many as a power of two; null: empty
};

} // namespace policy
