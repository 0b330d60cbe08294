#pragma once
#include "policy/json_members.hpp"
#include "policy/token.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// Every claim that the gateway looks at (RFC 7519 §4.1), in both kinds of token.
enum class claim : std::uint8_t {
    jti,
    sid,
    sub,
    grants,
    iat,
    nbf,
    exp,
    iss,
    stream_until,
    session_until,
    authorized_at
};

[[nodiscard]] std::optional<claim> read_claim(std::string_view name) noexcept;

/// Latest moment that a token may name: the end of the year 9999. What is later is a mistake of units.
inline constexpr std::int64_t claim_seconds_max = 253'402'300'799;

/// What the readers of both kinds share: a claim comes once, with its one type, within its bounds.
class claims_reader : public json_member_sink {
public:
    [[nodiscard]] bool has(claim c) const noexcept { return (seen_ >> static_cast<unsigned>(c) & 1U) != 0; }
    [[nodiscard]] claims& read() noexcept { return read_; }

protected:
    ~claims_reader() = default;

    /// False when `c` was there before.
    [[nodiscard]] bool mark(claim c) noexcept;
    /// Reads the claims that mean the same in both kinds; false for a flaw, and for `grants` and `iss`.
    [[nodiscard]] bool take_common(claim c, json_member const& member) noexcept;
    [[nodiscard]] bool add_grant(grant g) noexcept; ///< False when it was there before.

private:
    claims read_;
    unsigned seen_ = 0;
};

} // namespace policy
