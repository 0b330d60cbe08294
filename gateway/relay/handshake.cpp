#include "gateway/relay/handshake.hpp"

#include "gateway/wire/frame.hpp"

#include <algorithm>

namespace gateway::relay {

namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view blank = " \t";
    auto const first = std::min(text.find_first_not_of(blank), text.size());
    return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

bool lists(std::string_view list, std::string_view wanted) noexcept
{
    while (!list.empty()) {
        auto const comma = std::min(list.find(','), list.size());
        if (trimmed(list.substr(0, comma)) == wanted) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

bool has_once(wire::field_list const& fields, field_name name) noexcept
{
    return std::ranges::count(fields.all(), name, &wire::field::known) == 1;
}

} // namespace

bool is_switch_we_asked_for(wire::response_head const& head, std::string_view key, std::string_view protocols)
{
    auto const& fields = head.fields;
    if (key.empty() || head.minor_version == 0 || fields.find(field_name::sec_websocket_extensions))
        return false;
    if (!has_once(fields, field_name::upgrade) || !has_once(fields, field_name::sec_websocket_accept))
        return false;
    if (!equal_ignoring_case(fields.find(field_name::upgrade)->value, "websocket")) return false;
    if (!fields.named_in_connection("upgrade")) return false;
    if (fields.find(field_name::sec_websocket_accept)->value != wire::accept_for(key)) return false;
    auto const* const protocol = fields.find(field_name::sec_websocket_protocol);
    return !protocol ||
           (has_once(fields, field_name::sec_websocket_protocol) && lists(protocols, protocol->value));
}

} // namespace gateway::relay
