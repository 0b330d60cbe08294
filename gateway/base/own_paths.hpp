#pragma once
#include <string_view>

namespace gateway {

/// The paths that the gateway answers itself; they come before the policy table, so no row can serve them.
inline constexpr std::string_view access_token_path = "/access-token";
inline constexpr std::string_view session_path = "/session";
inline constexpr std::string_view renew_path = "/session/refresh";

} // namespace gateway
