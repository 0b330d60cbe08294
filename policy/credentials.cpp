#include "policy/credentials.hpp"

#include "policy/ascii.hpp"
#include "policy/token.hpp"

#include <array>

namespace policy {

std::string_view log_name(credential_source from) noexcept
{
    switch (from) {
    case credential_source::cookie:
        return "cookie";
    case credential_source::bearer:
        return "bearer";
    case credential_source::api_key_field:
        return "api_key_field";
    case credential_source::query:
        return "query";
    }
    return "unknown";
}

std::optional<std::string_view> read_bearer(std::string_view authorization) noexcept
{
    auto const space = authorization.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    if (!equals_ignoring_case(authorization.substr(0, space), "bearer")) return std::nullopt;
    auto const value = authorization.find_first_not_of(' ', space);
    if (value == std::string_view::npos) return std::nullopt;
    return authorization.substr(value);
}

boost::system::result<chosen_credential, denial> choose(presented_credentials const& presented) noexcept
{
    using enum credential_source;
    struct offer {
        std::optional<std::string_view> const& token;
        credential_source from;
    };
    std::array const offers{
        offer{presented.cookie,        cookie       },
        offer{presented.bearer,        bearer       },
        offer{presented.api_key_field, api_key_field},
        offer{presented.query,         query        }
    };

    std::optional<chosen_credential> chosen;
    for (auto const& [token, from] : offers) {
        if (!token || token->empty()) continue;
        if (!chosen) {
            chosen = chosen_credential{*token, from};
            continue;
        }
        if (*token == chosen->token) continue;
        // The cookie is the browser's own word; a placeholder beside it says nothing. Only a second token is
        // a dispute.
        bool const placeholder_beside_cookie =
            chosen->from == cookie && kind_of(chosen->token).has_value() && !kind_of(*token).has_value();
        if (!placeholder_beside_cookie) return denial::conflicting_credentials;
    }
    if (!chosen) return denial::no_token;
    return *chosen;
}

} // namespace policy
