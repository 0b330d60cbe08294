#include "gateway/relay/socket_shape.hpp"

#include "gateway/base/chars.hpp"
#include "gateway/relay/heads.hpp"

#include <algorithm>
#include <array>

namespace gateway::relay {

namespace {

constexpr std::string_view held_route = "/tts/websocket";

/// What browsers and libraries say of themselves; a name that ends in '-' stands for all that begin so.
constexpr std::array<std::string_view, 11> of_the_clients_software{
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "dnt",
    "pragma",
    "priority",
    "sec-ch-",
    "sec-fetch-",
    "sec-gpc",
    "user-agent",
};

bool is_each_clients_own(wire::field const& f) noexcept
{
    if (f.known == field_name::sec_websocket_key) return true;
    return std::ranges::any_of(of_the_clients_software, [&](std::string_view name) {
        auto const text = name.ends_with('-') ? f.name.substr(0, name.size()) : f.name;
        return chars::is_same_word(text, name);
    });
}

} // namespace

std::optional<upstream::socket_shape>
shape_of(policy::admission const& permit, wire::request_head const& head, std::string_view host)
{
    auto const& who = permit.who();
    if (!head.websocket || permit.row().path != held_route || !policy::is_verified_here(who.kind))
        return std::nullopt;
    if (head.fields.find(field_name::sec_websocket_protocol)) return std::nullopt;
    upstream::socket_shape shape;
    shape.grants = who.about.grants;
    append_request_start(shape.head, permit, head, host);
    for (auto const& f : head.fields.all())
        if (passes_upstream(head.fields, f) && !is_each_clients_own(f))
            append_field(shape.head, f.name, f.value);
    return shape;
}

std::string
opening_handshake(upstream::socket_shape const& shape, std::string_view key, std::string_view bearer)
{
    auto out = shape.head;
    out.append("Connection: Upgrade\r\nUpgrade: websocket\r\nUser-Agent: voicegate\r\n");
    append_field(out, "Sec-WebSocket-Key", key);
    out.append("Authorization: Bearer ").append(bearer).append("\r\n");
    out.append("X-Forwarded-Proto: https\r\n");
    append_field(out, "Via", "1.1 voicegate");
    return out.append("\r\n");
}

} // namespace gateway::relay
