#include "gateway/wire/forwarded.hpp"

#include "gateway/base/chars.hpp"
#include "gateway/wire/head_fields.hpp"

#include <algorithm>

namespace gateway::wire {

namespace {

using told = forwarded_hop::told;

constexpr std::string_view name_of(forwarding_field which) noexcept
{
    return which == forwarding_field::forwarded ? "forwarded" : "x-forwarded-for";
}

/// The first `of` in `text` that stands in no quoted string (RFC 9110 §5.6.4), from `at` on. Nothing: a
/// quoted string does not end.
std::optional<std::size_t> find_unquoted(std::string_view text, char of, std::size_t at = 0) noexcept
{
    bool quoted = false;
    for (; at < text.size() && (quoted || text[at] != of); ++at) {
        if (text[at] == '"') quoted = !quoted;
        if (quoted && text[at] == '\\') ++at;
    }
    if (quoted) return std::nullopt;
    return std::min(at, text.size());
}

/// Where the last element of a list begins.
std::optional<std::size_t> last_element_of(std::string_view list) noexcept
{
    std::size_t begin = 0;
    for (;;) {
        auto const comma = find_unquoted(list, ',', begin);
        if (!comma) return std::nullopt;
        if (*comma == list.size()) return begin;
        begin = *comma + 1;
    }
}

bool is_obfuscated(std::string_view text) noexcept
{
    return text.starts_with('_') && chars::all(chars::kind::host, text.substr(1)); // letters, digits, . _ -
}

bool is_port(std::string_view text) noexcept
{
    return is_obfuscated(text) || (text.size() <= 5 && chars::all(chars::kind::digit, text));
}

forwarded_hop hop_from(std::optional<ip_address> const& address) noexcept
{
    return address ? forwarded_hop{told::address, *address} : forwarded_hop{};
}

/// RFC 7239 §6, and an IPv6 address without brackets if it `may_be_bare`.
forwarded_hop read_node(std::string_view text, bool may_be_bare) noexcept
{
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == text.npos) return {};
        auto const behind = text.substr(end + 1);
        if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1)))) return {};
        return hop_from(read_ipv6(text.substr(1, end - 1)));
    }
    auto const colon = text.find(':');
    if (may_be_bare && colon != text.rfind(':')) return hop_from(read_ipv6(text));
    if (colon != text.npos && !is_port(text.substr(colon + 1))) return {};
    auto const name = text.substr(0, colon);
    if (chars::is_same_word(name, "unknown") || is_obfuscated(name)) return {told::hidden, {}};
    return hop_from(read_ipv4(name));
}

bool is_secure(std::string_view scheme) noexcept
{
    return chars::is_same_word(scheme, "https") || chars::is_same_word(scheme, "wss");
}

/// A token, or a quoted string in which nothing is escaped. Nothing: neither.
std::optional<std::string_view> read_value(std::string_view text) noexcept
{
    if (chars::all(chars::kind::token, text)) return text;
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    auto const inner = text.substr(1, text.size() - 2);
    return inner.find_first_of("\"\\") == inner.npos ? std::optional(inner) : std::nullopt;
}

/// An element of `Forwarded` (RFC 7239 §4). Parameters other than `for` and `proto` are passed over.
forwarded_hop read_element(std::string_view element) noexcept
{
    std::optional<forwarded_hop> who;
    std::optional<bool> secure;
    while (!element.empty()) {
        auto const end = find_unquoted(element, ';').value_or(element.size());
        auto const pair = chars::trim(element.substr(0, end));
        element.remove_prefix(std::min(end + 1, element.size()));
        auto const equals = pair.find('=');
        auto const name = pair.substr(0, equals);
        auto const is_for = chars::is_same_word(name, "for");
        if (!is_for && !chars::is_same_word(name, "proto")) continue;
        auto const value = equals == pair.npos ? std::nullopt : read_value(pair.substr(equals + 1));
        auto const is_repeated = is_for ? who.has_value() : secure.has_value();
        if (!value || is_repeated) return {};
        if (is_for)
            who = read_node(*value, false);
        else
            secure = is_secure(*value);
    }
    auto out = who.value_or(forwarded_hop{told::nothing, {}});
    out.in_clear = !secure.value_or(true);
    return out;
}

} // namespace

bool forwarded_hops::begin_line_before() noexcept
{
    while (!fields_.empty()) {
        auto const& last = fields_.back();
        fields_ = fields_.first(fields_.size() - 1);
        if (!chars::is_same_word(last.name, name_of(which_))) continue;
        line_ = last.value;
        return true;
    }
    return false;
}

/// Off the line under way. Nothing: where elements begin and end cannot be said.
std::optional<std::string_view> forwarded_hops::take_last_element() noexcept
{
    auto const has_quotes = which_ == forwarding_field::forwarded;
    auto const begin = has_quotes ? last_element_of(line_) : std::optional(line_.rfind(',') + 1);
    if (!begin) return std::nullopt;
    auto const element = line_.substr(*begin);
    line_ = line_.substr(0, *begin == 0 ? 0 : *begin - 1);
    return chars::trim(element);
}

std::optional<forwarded_hop> forwarded_hops::next() noexcept
{
    for (;;) {
        if (line_.empty() && !begin_line_before()) return std::nullopt;
        auto const element = take_last_element();
        if (!element) return forwarded_hop{};
        if (element->empty()) continue;
        return which_ == forwarding_field::forwarded ? read_element(*element) : read_node(*element, true);
    }
}

bool forwarded_in_clear(std::span<field const> fields) noexcept
{
    bool in_clear = false;
    for (auto const& field : fields) {
        if (!chars::is_same_word(field.name, "x-forwarded-proto")) continue;
        detail::each_element(field.value, [&](std::string_view scheme) {
            in_clear = !is_secure(scheme);
            return !in_clear;
        });
        if (in_clear) return true;
    }
    return false;
}

} // namespace gateway::wire
