#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace certs {

/// base64url without padding (RFC 4648 §5, RFC 7515 appendix C).
[[nodiscard]] std::string to_base64url(std::span<std::uint8_t const> bytes);

/// The bytes, or nothing for text that `to_base64url` would not have written: padding, other characters, a
/// stray last character, unused bits that are set (RFC 4648 §3.5).
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

[[nodiscard]] bool is_base64url_character(char character) noexcept;

} // namespace certs
