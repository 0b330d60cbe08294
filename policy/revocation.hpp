#pragma once
#include "policy/token.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace policy {

/// What a revocation matches.
enum class revoked_by : std::uint8_t { token_id, session, subject };

/// Who says what an id is: a token that was verified here (or the operator), or one that only the upstream can
/// verify, whose id may be a forger's choice. The entries of the latter have a sixteenth of the room, push out
/// only each other and match only unverified tokens: an app may choose ids that can be guessed.
enum class vouched : std::uint8_t { verified, unverified };

/// The tokens that are no longer good although they have not expired: revoked by `jti`, `sid` or `sub`. An
/// entry leaves when the longest token that it can match has expired. At most `entries_max` entries; when
/// full, the entry that would leave first makes room (be it the new one), and `overflowed` counts it.
class revocation_list {
public:
    explicit revocation_list(std::size_t entries_max);

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
    [[nodiscard]] bool matches(
        claims const& about, seconds_since_epoch now, vouched word = vouched::verified) const noexcept;
    void forget_expired(seconds_since_epoch now);

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::uint64_t overflowed() const noexcept { return overflowed_; }

private:
    struct key {
        revoked_by what;
        std::string id;
    };
    struct key_view {
        revoked_by what;
        std::string_view id;
        key_view(revoked_by by, std::string_view named) noexcept : what(by), id(named) {}
        key_view(key const& k) noexcept : what(k.what), id(k.id) {} // NOLINT(google-explicit-constructor)
        friend bool operator==(key_view, key_view) = default;
    };
    /// Not seeded: whoever could choose keys has room for few (`vouched::unverified`).
    struct hash {
        using is_transparent = void;
        std::size_t operator()(key_view key) const noexcept;
    };
    struct equal {
        using is_transparent = void;
        bool operator()(key_view a, key_view b) const noexcept { return a == b; }
    };
    struct entry {
        seconds_since_epoch until;
        seconds_since_epoch issued_until;
        vouched by;
    };

    [[nodiscard]] bool
    has(key_view named, claims const& about, seconds_since_epoch now, vouched word) const noexcept;
    [[nodiscard]] bool make_room_for(seconds_since_epoch until, vouched by);
    void erase(std::unordered_map<key, entry, hash, equal>::iterator at);

    std::size_t entries_max_;
    std::size_t unverified_ = 0; ///< how many of the entries are
    std::uint64_t overflowed_ = 0;
    std::unordered_map<key, entry, hash, equal> entries_;
};

} // namespace policy
