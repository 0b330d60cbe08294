#include "gateway/edge/desk.hpp"

#include "gateway/base/random_seed.hpp"
#include "gateway/relay/socket_shape.hpp"

#include <chrono>

namespace gateway::edge {

namespace {

/// For jitter. `random` must outlive what is returned.
std::function<double()> fractions_of(certs::random_source const& random)
{
    return [&random] { return certs::random_fraction(random); };
}

} // namespace

desk::desk(surroundings const& all)
    : around(all),
      configuration(all.configuration),
      limits(configuration.limits),
      head_limits{limits.head_bytes, limits.target_bytes, limits.header_fields},
      wheel(std::chrono::steady_clock::now()),
      memory(std::max({limits.relay_window_bytes, 2 * limits.response_head_bytes, limits.head_bytes})),
      pool(
          sockets,
          wakes,
          wheel,
          configuration.upstream,
          limits,
          all.upstream_trust,
          all.addresses,
          fractions_of(all.random)),
      warm(pool, wakes, wheel, fractions_of(all.random)),
      held(wakes, wheel, configuration.upstream.warm, all.credentials, all.random),
      opener(held, lend(), all.random),
      cipher(all.token_keys),
      verifier(all.app_keys, all.app_key_missing),
      judge(configuration.tokens.judge, all.routes, cipher, &verifier),
      endpoints(
          configuration.tokens,
          configuration.session,
          judge,
          cipher,
          all.handoffs,
          all.guard.proven,
          all.random),
      cross_origin(configuration.tokens.judge.origins, configuration.browsers.preflight_max_age),
      server_tls(all.server_tls),
      credentials(all.credentials),
      revoked(all.revoked.list()),
      ids(random_seed(all.random)),
      upstream_authority(
          write_authority(configuration.upstream.expected_name(), configuration.upstream.port, 443))
{
}

void desk::run_turn(std::chrono::milliseconds patience)
{
    sockets.note_events(idle() ? patience : std::chrono::milliseconds{0});
    wakes.run();
    if (handshake_may_begin()) handshakes.run_one();
}

std::string_view desk::bearer_for(policy::bearer_of_token const& who)
{
    // A token that Cartesia minted travels alone: the gateway cannot verify it and so never lends it its own
    // credential. The upstream checks the signature; a forged token buys nothing.
    if (!policy::is_verified_here(who.kind)) return who.text;
    auto const& entry = credentials.get().by_grants[who.about.grants.index()];
    return entry.bearer ? entry.bearer->reveal() : std::string_view{};
}

relay::services desk::lend() noexcept
{
    return {limits, wheel, pool, memory, configuration.tls.hsts_max_age};
}

std::optional<upstream::held_socket> desk::take_held(policy::admission const& permit, waker& owner)
{
    if (!held.in_use()) return std::nullopt;
    auto const shape = relay::shape_of(permit, memory.request, upstream_authority);
    if (!shape) return std::nullopt;
    auto taken = held.take(*shape, owner);
    metrics.upstream_sockets_held.set(held.size());
    return taken;
}

policy::seconds_since_epoch wall_clock() noexcept
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace gateway::edge
