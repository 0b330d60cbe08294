#pragma once
#include "policy/denial.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace policy {

/// Where a token may come from, in the order in which the places are asked.
enum class credential_source : std::uint8_t { cookie, bearer, api_key_field, query };

[[nodiscard]] std::string_view log_name(credential_source from) noexcept;

/// What one request presents in each place; absent when the place is empty.
struct presented_credentials {
    std::optional<std::string_view> cookie{};
    std::optional<std::string_view> bearer{};
    std::optional<std::string_view> api_key_field{};
    std::optional<std::string_view> query{};
};

struct chosen_credential {
    std::string_view token{};
    credential_source from = credential_source::cookie;
};

/// The value of `Authorization: Bearer` (RFC 6750 §2.1); nothing for another scheme or no value. What is no
/// token68 comes back too: no token has that form, so it is refused later, where to pass over it would hide a
/// dispute.
[[nodiscard]] std::optional<std::string_view> read_bearer(std::string_view authorization) noexcept;

/// The one credential of a request. Next to a cookie that has the shape of a token, whatever is no token of
/// an accepted kind is dropped (an SDK insists on sending a placeholder). Two that differ otherwise:
/// `conflicting_credentials`. None: `no_token`.
[[nodiscard]] boost::system::result<chosen_credential, denial>
choose(presented_credentials const& presented) noexcept;

} // namespace policy
