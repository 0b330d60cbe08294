#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Base64url without padding (RFC 4648 §5), one text for each byte string: what is decoded can be encoded
/// again to the very same text, so no token has a second spelling that a revocation would miss.
namespace policy::base64url {

[[nodiscard]] constexpr std::size_t encoded_size(std::size_t bytes) noexcept { return (bytes * 4 + 2) / 3; }
[[nodiscard]] constexpr std::size_t decoded_size(std::size_t letters) noexcept { return letters * 3 / 4; }

void append(std::string& out, std::span<std::uint8_t const> bytes);

/// Decodes into the front of `out` and says how many bytes that were. Nothing when `out` is too small, for
/// padding, a letter outside the alphabet, a length that no byte string has, and unused bits that are not
/// zero (RFC 4648 §3.5).
[[nodiscard]] std::optional<std::size_t> decode(std::string_view text, std::span<std::uint8_t> out) noexcept;

} // namespace policy::base64url
