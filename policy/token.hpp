#pragma once
#include "policy/denial.hpp"
#include "policy/grant.hpp"

#include <boost/system/result.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace policy {

/// The kinds of token that the gateway takes from clients.
enum class token_kind : std::uint8_t {
    sealed,   ///< minted here: JWE compact (RFC 7516), alg dir, enc A256GCM
    cartesia, ///< minted by Cartesia: JWS compact, HS256 with a key that only Cartesia has (contract §4)
    signed_by_app, ///< made by the app's own server: JWS compact under a key that the configuration names
};

/// Whether the gateway itself has proven what a token of this kind says. Only then does it lend its own
/// credential upstream, and may others be refused on the token's word.
[[nodiscard]] constexpr bool is_verified_here(token_kind kind) noexcept
{
    return kind != token_kind::cartesia;
}

using seconds_since_epoch = std::chrono::sys_seconds;

/// What a token says (RFC 7519 §4). Bounds: `jti` and `sid` 64 bytes, `sub` 128 bytes of UTF-8.
struct claims {
    std::string jti{}; ///< this token
    std::string sid{}; ///< the session that it belongs to; kept when the token is renewed
    std::string sub{}; ///< the user, as the app names it; may be empty
    grant_set grants{};
    seconds_since_epoch issued_at{};
    seconds_since_epoch not_before{};
    seconds_since_epoch expires_at{};                   ///< may open until
    std::optional<seconds_since_epoch> stream_until{};  ///< what it opened may last until; absent: not said
    std::optional<seconds_since_epoch> session_until{}; ///< renewed up to then; absent: never
    std::optional<seconds_since_epoch> authorized_at{}; ///< the app's backend was asked; absent: never was

    [[nodiscard]] std::chrono::seconds lifetime() const noexcept { return expires_at - issued_at; }
};

inline constexpr std::size_t token_bytes_max = 4096; ///< longer ones are refused before any cryptography
inline constexpr std::size_t id_bytes_max = 64;
inline constexpr std::size_t subject_bytes_max = 128;

using nonce = std::array<std::uint8_t, 12>;    ///< 96 bits (RFC 7518 §5.3)
using aead_tag = std::array<std::uint8_t, 16>; ///< 128 bits

/// AES-256-GCM under a ring of keys. `policy` knows which bytes are sealed, not how.
class token_cipher {
public:
    virtual ~token_cipher() = default;
    /// The id of the key under which new tokens are sealed at `now`: base64url characters, at most 32. Empty:
    /// none is active. It is good until the next call but `seal`.
    [[nodiscard]] virtual std::string_view sealing_key(seconds_since_epoch now) const noexcept = 0;
    /// Seals `text` in place with the key called `key_id`, which `sealing_key` named. False: the cipher
    /// failed, nothing may be sent.
    [[nodiscard]] virtual bool seal(
        std::string_view key_id,
        nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        aead_tag& tag) const noexcept = 0;
    /// Opens `text` in place with the key called `key_id`. False: no such key at `now`, or not authentic;
    /// then `text` is wiped.
    [[nodiscard]] virtual bool open(
        std::string_view key_id,
        nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        aead_tag const& tag,
        seconds_since_epoch now) const noexcept = 0;
};

/// What a sealed text is good for. It says so in its header (RFC 8725 §3.11), so that neither is ever taken
/// for the other.
enum class sealed_use : std::uint8_t {
    token,
    handoff, ///< a code that signs a browser in, once
};

/// The kind that `text` has by its shape alone: segments, alphabet, and for `sealed` the exact protected
/// header that this gateway writes. Nothing when it is no token of any kind (a placeholder, an API key).
/// Every JWS comes back as `cartesia`: only its claims tell whose it is (`names_issuer`, jws.hpp).
[[nodiscard]] std::optional<token_kind> kind_of(std::string_view text) noexcept;

/// Seals `about` at `now` with a fresh `iv` (never used twice under one key). Empty when no key is active or
/// the cipher fails, and for claims that could not be read again (out of bounds, no `jti` or `sid`, `sub` not
/// UTF-8). An ordinary token (`sub` up to 64 bytes) stays under 512 bytes.
[[nodiscard]] std::string seal(
    claims const& about,
    token_cipher const& cipher,
    nonce const& iv,
    seconds_since_epoch now,
    sealed_use use = sealed_use::token);

/// Opens a sealed token: `token_malformed`, or `token_forged` when no key opens it at `now`. Base64url must
/// be canonical (RFC 4648 §3.5, no padding); claims must be complete, known and within bounds. The token's
/// own lifetime is not looked at.
[[nodiscard]] boost::system::result<claims, denial> open_sealed(
    std::string_view text,
    token_cipher const& cipher,
    seconds_since_epoch now,
    sealed_use use = sealed_use::token);

/// Reads what a Cartesia token says of itself, without verifying it: only Cartesia can. `issuer` is the `iss`
/// that it must name. Fails with `token_malformed`.
[[nodiscard]] boost::system::result<claims, denial>
read_cartesia(std::string_view text, std::string_view issuer);

/// `token_not_yet_valid` or `token_expired` when `now` is outside [not_before - leeway, expires_at + leeway).
[[nodiscard]] std::optional<denial>
flaw_in_lifetime(claims const& about, seconds_since_epoch now, std::chrono::seconds leeway) noexcept;

} // namespace policy
