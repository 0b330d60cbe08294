#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Appends `at` as IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. For the years 0 to 9999.
void append_http_date(std::string& out, std::chrono::sys_seconds at);

/// Reads that form and no other.
[[nodiscard]] std::optional<std::chrono::sys_seconds> read_http_date(std::string_view text);

} // namespace gateway
