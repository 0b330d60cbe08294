#include "gateway/edge/forwarding.hpp"

#include "gateway/wire/forwarded.hpp"

namespace gateway::edge {

namespace {

using wire::forwarding_field;
using told = wire::forwarded_hop::told;

/// What the fields of one name say.
struct chain {
    std::optional<ip_address> client;
    bool flawed = false;
    bool in_clear = false;
};

chain follow(ip_address const& peer, wire::forwarded_hops hops, std::span<ip_network const> proxies) noexcept
{
    chain out;
    for (unsigned passed = 0;; ++passed) {
        auto const hop = hops.next();
        if (!hop) return out;
        out.flawed = hop->what == told::flawed || passed == proxies_in_a_row_max;
        if (out.flawed) return out;
        out.in_clear = out.in_clear || hop->in_clear;
        if (hop->what == told::hidden) out.client = out.client.value_or(peer);
        if (hop->what != told::address) return out;
        out.client = hop->from;
        if (!any_has(proxies, hop->from)) return out;
    }
}

} // namespace

introduction introduced_by(
    ip_address const& peer, std::span<wire::field const> fields, std::span<ip_network const> proxies) noexcept
{
    auto const one = follow(peer, {fields, forwarding_field::x_forwarded_for}, proxies);
    auto const other = follow(peer, {fields, forwarding_field::forwarded}, proxies);
    // A proxy that writes one of them may pass the other on as it came, from anybody: it does not go before.
    auto const disputed = one.client && other.client && *one.client != *other.client;
    auto const flawed = one.flawed || other.flawed || disputed;

    introduction out{peer, std::nullopt};
    if (!flawed) out.client = one.client ? *one.client : other.client.value_or(peer);
    if (flawed) out.refused = fault::malformed_forwarding;
    if (other.in_clear || wire::forwarded_in_clear(fields)) out.refused = fault::not_https;
    return out;
}

} // namespace gateway::edge
