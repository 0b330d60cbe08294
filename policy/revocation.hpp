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

/// The tokens that are no longer good although they have not expired: revoked by `jti`, `sid` or `sub`. An entry leaves
/// when the longest token that it can match has expired. At most `entries_max` entries; when full, the entry that
/// would leave first makes room, and `overflowed` counts it.
class revocation_list {
public:
    explicit revocation_list(std::size_t entries_max);

    /// Tokens that match and were issued at or before `until`'s making are refused until `until`.
    void add(revoked_by what, std::string_view id, seconds_since_epoch until);
    [[nodiscard]] bool matches(claims const& about, seconds_since_epoch now) const noexcept;
    void forget_expired(seconds_since_epoch now);

    [[nodiscard]] std::size_t size() const noexcept { return until_.size(); }
    [[nodiscard]] std::uint64_t overflowed() const noexcept { return overflowed_; }

private:
    [[nodiscard]] bool has(revoked_by what, std::string_view id, seconds_since_epoch now) const noexcept;

    std::size_t entries_max_;
    std::uint64_t overflowed_ = 0;
    std::unordered_map<std::string, seconds_since_epoch> until_; ///< key: one byte for what, then the id
};

}
