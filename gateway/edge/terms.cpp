#include "gateway/edge/terms.hpp"

#include "gateway/relay/socket_shape.hpp"

namespace gateway::edge {

namespace {

/// The generation's own, by which none of its parts is held.
std::function<void()> key_missing(generation const& of)
{
    if (!of.app_key_missing) return {};
    return [&of] { of.app_key_missing(); };
}

} // namespace

terms::terms(
    loop& at,
    surroundings const& all,
    std::shared_ptr<generation const> under,
    boost::intrusive_ptr<supply> with)
    : loop_(at),
      around_(all),
      of_(std::move(under)),
      from(std::move(with)),
      configuration(of_->configuration),
      limits(configuration.limits),
      head_limits{limits.head_bytes, limits.target_bytes, limits.header_fields},
      memory(from->memory),
      keeper(from->keeper),
      cipher(all.token_keys),
      verifier(all.app_keys, key_missing(*of_)),
      judge(configuration.tokens.judge, of_->routes, cipher, &verifier),
      endpoints(
          configuration.tokens,
          configuration.session,
          judge,
          cipher,
          all.handoffs,
          all.guard.proven,
          all.random),
      cross_origin(configuration.tokens.judge.origins, configuration.browsers.preflight_max_age),
      authorizer(of_->authorizer.get())
{
}

/// The generation is let go before its owner is told, who may find that nobody has it any more.
terms::~terms()
{
    from.reset();
    of_.reset();
    if (around_.terms_ended) around_.terms_ended();
}

std::string_view terms::bearer_for(policy::bearer_of_token const& who)
{
    // A token that Cartesia minted travels alone: the gateway cannot verify it and so never lends it its own
    // credential. The upstream checks the signature; a forged token buys nothing.
    if (!policy::is_verified_here(who.kind)) return who.text;
    auto const& entry = from->credentials.get().by_grants[who.about.grants.index()];
    return entry.bearer ? entry.bearer->reveal() : std::string_view{};
}

relay::services terms::lend() noexcept
{
    return {limits, loop_.wheel, from->pool, memory, configuration.tls.hsts_max_age};
}

std::optional<upstream::held_socket> terms::take_held(policy::admission const& permit, waker& owner)
{
    if (!from->held.in_use()) return std::nullopt;
    auto const shape = relay::shape_of(permit, memory.request, from->authority);
    if (!shape) return std::nullopt;
    auto taken = from->held.take(*shape, owner);
    loop_.metrics.upstream_sockets_held.set(from->held.size());
    return taken;
}

} // namespace gateway::edge
