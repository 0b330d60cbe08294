#pragma once
#include "policy/base64url.hpp"
#include "policy/token.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The shapes of the two kinds of token, before anything in them is believed.
namespace policy {

inline constexpr std::size_t key_id_bytes_max = 32;

/// The segments of a sealed token (RFC 7516 §7.1). Its second segment, the encrypted key, is empty: `dir` has
/// none.
struct sealed_form {
    std::string_view header; ///< as it stands in the token, which is what is authenticated (RFC 7516 §5.1)
    std::string_view iv;
    std::string_view ciphertext;
    std::string_view tag;
    std::array<std::uint8_t, key_id_bytes_max + 2> header_end; ///< decoded: the key id and `"}`
    std::size_t key_id_size = 0;

    [[nodiscard]] std::string_view key_id() const noexcept;
};

/// Takes `text` apart when it has five segments of the right sizes and begins with byte for byte the header
/// that this gateway writes for this use. The header is thus compared and never parsed: no `alg`, `crit` or
/// `zip` of a stranger is ever read.
[[nodiscard]] std::optional<sealed_form>
read_sealed_form(std::string_view text, sealed_use use = sealed_use::token) noexcept;

/// Appends the protected header for `key_id`; false when that is no key id (1 to 32 base64url letters).
[[nodiscard]] bool
append_sealed_header(std::string& out, std::string_view key_id, sealed_use use = sealed_use::token);

/// The segments of a JWS (RFC 7515 §7.1).
struct jws_form {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_text; ///< header and payload with the dot between (RFC 7515 §5.1)
};

/// Three segments, of which the payload may be empty.
[[nodiscard]] std::optional<jws_form> read_jws_form(std::string_view text) noexcept;
/// The form of a token: a header that begins with a member, a payload that is there.
[[nodiscard]] std::optional<jws_form> read_signed_form(std::string_view text) noexcept;

} // namespace policy
