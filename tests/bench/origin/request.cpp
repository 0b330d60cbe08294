#include "tests/bench/origin/request.hpp"

#include "tests/bench/wire/fields.hpp"

#include <algorithm>

namespace bench::origin {

namespace {

/// Bytes of the body at the start of `rest`; nothing while it is incomplete.
std::optional<std::size_t> body_bytes(std::string_view head, std::string_view rest)
{
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    if (field(head, "transfer-encoding").empty()) {
        auto const bytes = number(field(head, "content-length"));
        return rest.size() < bytes ? std::nullopt : std::optional(bytes);
    }
    auto const end = rest.find(last_chunk);
    return end == rest.npos ? std::nullopt : std::optional(end + last_chunk.size());
}

} // namespace

std::size_t request::parameter(std::string_view name, std::size_t otherwise) const
{
    for (auto rest = query; !rest.empty();) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return number(pair.substr(name.size() + 1));
    }
    return otherwise;
}

std::optional<request> read_request(std::string_view inbox)
{
    auto const end = inbox.find("\r\n\r\n");
    if (end == inbox.npos) return std::nullopt;
    auto const head = inbox.substr(0, end + 2);
    auto const body = body_bytes(head, inbox.substr(end + 4));
    if (!body) return std::nullopt;
    auto target = head.substr(std::min(head.find(' ') + 1, head.size()));
    target = target.substr(0, target.find(' '));
    auto const path = target.substr(0, target.find('?'));
    auto const query = target.substr(std::min(path.size() + 1, target.size()));
    return request{path, query, field(head, "sec-websocket-key"), end + 4 + *body};
}

} // namespace bench::origin
