/// Base64 in both alphabets: audio inside JSON (standard, padded) and JWT parts (URL-safe, bare).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace simulator {

[[nodiscard]] std::string base64(std::string_view bytes);

/// The URL-safe alphabet without padding, as JWTs write it.
[[nodiscard]] std::string base64url(std::string_view bytes);

/// Reads either alphabet, padded or not. Nothing when a character belongs to neither.
[[nodiscard]] std::optional<std::string> unbase64(std::string_view text);

} // namespace simulator
