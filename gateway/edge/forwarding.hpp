#pragma once
#include "gateway/base/ip_address.hpp"
#include "gateway/base/reply.hpp"
#include "gateway/wire/head.hpp"

#include <optional>
#include <span>

namespace gateway::edge {

/// Whom a request is from, by the word of the proxies that have handed it on.
struct introduction {
    ip_address client;
    /// `not_https`: one of them had it in clear. `malformed_forwarding`: what they say cannot be read, or
    /// `X-Forwarded-For` and `Forwarded` name two clients; then `client` is the peer.
    std::optional<fault> refused;
};

/// As many proxies may stand in a row; a chain that names more is malformed.
inline constexpr unsigned proxies_in_a_row_max = 16;

/// Goes from the `peer`, which is one of `proxies`, to whom it names, and on as long as that is one of them
/// too: the first that is none is the client. What stands farther away anyone may have written; it is not
/// looked at. The last one that is named is the client where there is nobody else, or where the next one is
/// hidden (RFC 7239 §6.2).
[[nodiscard]] introduction introduced_by(
    ip_address const& peer,
    std::span<wire::field const> fields,
    std::span<ip_network const> proxies) noexcept;

} // namespace gateway::edge
