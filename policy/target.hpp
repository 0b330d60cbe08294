#pragma once
#include "policy/denial.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// A request target (RFC 9112 §3.2.1) that is already canonical. Views point into the text that was read.
struct target {
    std::string_view path;  ///< begins with '/', no '%', no empty or dot segment
    std::string_view query; ///< without its '?'
    bool has_query = false; ///< `/tts/bytes?` has one, and it is empty
};

inline constexpr std::size_t target_bytes_max = 8192;

/// Accepts only origin-form targets whose path is already canonical; never decodes, never repairs.
/// What is judged is byte for byte what is forwarded. Refused in the path: every byte but letters, digits and
/// `/ - . _ ~`, empty segments (so also a trailing '/', but "/" itself passes), "." and ".." segments.
/// Refused in the query: '#' and bytes outside 0x21–0x7e. Fails with `target_not_canonical` or
/// `target_too_long`.
[[nodiscard]] boost::system::result<target, denial> read_target(std::string_view raw) noexcept;

/// The token that a WebSocket client put into the query as `access_token` or, as older SDKs do, `api_key`
/// (contract §2). Nothing when there is none; `conflicting_credentials` when two pairs differ.
[[nodiscard]] boost::system::result<std::optional<std::string_view>, denial>
find_query_token(std::string_view query) noexcept;

/// The raw value of the first pair named `name`, such as `cartesia_version`.
[[nodiscard]] std::optional<std::string_view>
find_query_value(std::string_view query, std::string_view name) noexcept;

/// Appends the target as it goes upstream: path and query byte for byte, less every pair whose name,
/// percent-decoded, is `access_token` or `api_key`. A query that held only such pairs goes with its '?'.
void append_without_credentials(std::string& out, target const& from);

} // namespace policy
