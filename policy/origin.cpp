#include "policy/origin.hpp"

#include "policy/ascii.hpp"

#include <algorithm>

namespace policy {
namespace {

constexpr std::string_view same_origin = "same-origin";
constexpr std::string_view by_hand = "none"; ///< an address that was typed, a bookmark: no page asked

/// The gateway speaks HTTPS alone. Browsers leave the default port out, in `Origin` and in `Host`; some other
/// clients write it into `Host`.
bool is_of_host(std::string_view origin, std::string_view host) noexcept
{
    constexpr std::string_view scheme = "https://";
    constexpr std::string_view default_port = ":443";
    if (host.ends_with(default_port)) host.remove_suffix(default_port.size());
    if (host.empty() || !origin.starts_with(scheme)) return false;
    origin.remove_prefix(scheme.size());
    return origin == host || equals_ignoring_case(host, origin); // browsers write both in lower case
}

bool shows_its_sender(provenance const& from) noexcept
{
    return from.origin || from.fetch_site == same_origin || from.marked;
}

bool is_safe(method verb) noexcept
{
    return verb == method::get || verb == method::head || verb == method::options;
}

} // namespace

std::optional<denial> flaw_in_sender(provenance const& from, std::span<std::string const> listed) noexcept
{
    if (from.repeated) return denial::origin_not_allowed;
    if (from.origin) {
        if (std::ranges::find(listed, *from.origin) != listed.end()) return std::nullopt;
        if (!is_of_host(*from.origin, from.host)) return denial::origin_not_allowed;
    }
    // Also beside an Origin that is the Host: something on the way may have put the page's in place of ours.
    auto const& site = from.fetch_site;
    if (site && *site != same_origin && *site != by_hand) return denial::cross_site_request;
    return std::nullopt;
}

std::optional<denial> flaw_in_cookie_use(
    provenance const& from, method verb, transport over, std::span<std::string const> listed) noexcept
{
    if (auto const flaw = flaw_in_sender(from, listed)) return flaw;
    if (shows_its_sender(from)) return std::nullopt;
    auto const harmless = over == transport::websocket ? !from.fetch_site : is_safe(verb);
    if (!harmless) return denial::origin_unproven;
    return std::nullopt;
}

} // namespace policy
