#include "gateway/base/cross_origin.hpp"

#include "gateway/base/reply.hpp"

#include <algorithm>

namespace gateway {

namespace {

constexpr std::string_view vary = "Vary: Origin\r\n";

// What clients of the API read beside the names that every page may (contract §13.7), and the server's clock,
// by which the page's module plans.
constexpr std::string_view exposed =
    "Access-Control-Expose-Headers: Date, Retry-After, retry-after-ms, x-should-retry, X-Request-Id, "
    "cartesia-request-id, Cartesia-File-ID\r\n";

// What the clients send: Cartesia's of versions 2 to 4 and OpenAI's (clients.md §1, §2, §4), and our own
// module.
constexpr std::string_view accepted =
    "Access-Control-Allow-Headers: authorization, cartesia-version, content-type, openai-organization, "
    "openai-project, user-agent, x-api-key, x-cartesia-client, x-fern-language, x-fern-runtime, "
    "x-fern-runtime-version, x-fern-sdk-name, x-fern-sdk-version, x-stainless-arch, x-stainless-lang, "
    "x-stainless-os, x-stainless-package-version, x-stainless-retry-count, x-stainless-runtime, "
    "x-stainless-runtime-version, x-stainless-timeout, x-voicegate, x-voicegate-refresh\r\n";

void append_permission(std::string& out, std::string_view origin)
{
    out.append("Access-Control-Allow-Origin: ").append(origin);
    out.append("\r\nAccess-Control-Allow-Credentials: true\r\n").append(vary);
}

} // namespace

cross_origin::cross_origin(std::vector<std::string> const& origins, std::chrono::seconds preflight_max_age)
    : preflight_max_age_(preflight_max_age)
{
    for (auto const& origin : origins) {
        auto& one = known_.emplace_back();
        one.origin = origin;
        append_permission(one.fields, origin);
        one.fields.append(exposed);
    }
}

cross_origin::known const* cross_origin::find(std::string_view origin) const noexcept
{
    auto const found = std::ranges::find(known_, origin, &known::origin);
    return found == known_.end() ? nullptr : &*found;
}

std::string_view cross_origin::fields_for(std::optional<std::string_view> origin) const noexcept
{
    if (known_.empty()) return {};
    auto const* const one = origin ? find(*origin) : nullptr;
    return one ? one->fields : vary;
}

std::string cross_origin::preflight_fields(std::string_view origin, policy::method_set methods) const
{
    std::string out;
    if (!find(origin)) return out;
    append_permission(out, origin);
    out.append("Access-Control-Allow-Methods: ");
    append_methods(out, methods);
    out.append("\r\n").append(accepted);
    out.append("Access-Control-Max-Age: ").append(std::to_string(preflight_max_age_.count())).append("\r\n");
    return out;
}

} // namespace gateway
