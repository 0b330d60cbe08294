#pragma once
#include "policy/denial.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace policy {

/// The value of the cookie called exactly `name` in the `Cookie` fields of one request (RFC 6265 §5.4), each
/// field already trimmed. The same value twice is one value; two different ones are `conflicting_cookies`,
/// never a choice. A value with a byte that no token has (anything but letters, digits and `-._`) is
/// `malformed_cookie`; an empty value is none. What other cookies hold is not judged.
[[nodiscard]] boost::system::result<std::optional<std::string_view>, denial>
find_cookie(std::span<std::string_view const> fields, std::string_view name) noexcept;

/// The pairs that are left without the cookie called exactly `name`, as one `Cookie` field has them; empty
/// when there are none.
[[nodiscard]] std::string without_cookie(std::span<std::string_view const> fields, std::string_view name);

} // namespace policy
