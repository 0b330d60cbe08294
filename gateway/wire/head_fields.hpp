#pragma once
#include "gateway/base/chars.hpp"
#include "gateway/wire/head.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// What the fields of a head mean for its connection and its body. For the two head readers only.
namespace gateway::wire::detail {

/// The options of all `Connection` fields that mean something here (RFC 9110 §7.6.1).
struct connection_options {
    bool close = false;
    bool upgrade = false;
};

/// Nothing when one of the fields is not a list of tokens.
[[nodiscard]] std::optional<connection_options> read_connection(field_list const& fields) noexcept;

struct body_framing {
    framing how = framing::none;
    std::uint64_t content_length = 0;
};

/// By `Content-Length` and `Transfer-Encoding` alone (RFC 9112 §6.3); `otherwise` when there is neither.
/// Nothing when they contradict each other, are repeated, or are not understood. RFC 9112 would let a
/// recipient repair some of these; whoever repairs differently from the next hop makes request smuggling
/// possible, so nothing is repaired.
[[nodiscard]] std::optional<body_framing>
read_framing(field_list const& fields, unsigned minor_version, framing otherwise) noexcept;

/// Calls `take` with each element of a comma list, trimmed, empty ones left out (RFC 9110 §5.6.1), until it
/// returns false.
template <class Take>
void each_element(std::string_view list, Take take)
{
    while (!list.empty()) {
        auto const comma = list.find(',');
        auto const element = chars::trim(list.substr(0, comma));
        if (!element.empty() && !take(element)) return;
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
    }
}

} // namespace gateway::wire::detail
