#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Reads a time as a person writes it: `250ms`, `10s`, `5m`, `4h`, `30d`; one whole number and one unit.
/// Nothing when it is anything else, or longer than a thousand years.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_duration(std::string_view text) noexcept;
/// Writes the same form, in the largest unit that is exact: 300 s is `5m`.
[[nodiscard]] std::string write_duration(std::chrono::milliseconds time);

/// Reads a size: `512`, `64KiB`, `16MiB`, `2GiB`. Nothing when it is anything else or does not fit.
[[nodiscard]] std::optional<std::uint64_t> read_bytes(std::string_view text) noexcept;
/// Writes the same form, in the largest unit that is exact.
[[nodiscard]] std::string write_bytes(std::uint64_t bytes);

} // namespace gateway
