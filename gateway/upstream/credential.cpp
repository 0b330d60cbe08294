#include "gateway/upstream/credential.hpp"

#include "certs/random.hpp"
#include "gateway/base/on_end.hpp"
#include "gateway/upstream/credential_mint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>

namespace net = boost::asio;

namespace gateway::upstream {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto tuple = net::as_tuple(net::use_awaitable);

double system_fraction() { return certs::random_fraction(certs::system_random); }

/// One set of grants and its token. What is not atomic belongs to the control thread.
struct slot {
    explicit slot(net::io_context& control) : timer(control), expiry(control) {}

    bool always = false;              ///< kept whether it is asked for or not
    std::atomic<bool> wanted = false; ///< by a request, since the last attempt began
    std::atomic<bool> asleep = false; ///< nobody wanted the token: the next who does must wake its coroutine
    std::atomic<bool> rejected = false;
    net::steady_timer timer;
    net::steady_timer expiry;
    clock::time_point due{};      ///< when the rest between two attempts ends
    clock::time_point asked_at{}; ///< when the token that is published was asked for
    unsigned failures = 0;        ///< in a row
};

} // namespace

struct credential_keeper::state : std::enable_shared_from_this<state> {
    state(
        net::io_context& on,
        upstream_config const& config,
        certs::secret api_key,
        published<addresses> const& at,
        published<credentials>& to,
        std::function<void()> on_change,
        keeper_options with)
        : control(on),
          lifetime(config.access_token_lifetime),
          client(on, config, std::move(api_key), at, with.timing.deadline),
          out(to),
          changed(std::move(on_change)),
          options(std::move(with)),
          failures(options.tell)
    {
        if (!options.random) options.random = system_fraction;
        for (auto& each : slots)
            each = std::make_unique<slot>(on);
        for (auto const grants : config.warm.grants)
            slots[grants.index()]->always = true;
    }

    static net::awaitable<void> keep(std::shared_ptr<state> self, std::size_t index);
    net::awaitable<void> until_wanted(std::size_t index);
    net::awaitable<void> until_due(slot& at);
    void settle(std::size_t index, clock::time_point asked_at, mint_result result);
    void expire_at(std::size_t index, clock::time_point when);
    void publish(std::size_t index, credentials::entry entry);
    void give_up_rejected(std::size_t index);
    void shut();

    net::io_context& control;
    seconds const lifetime;
    mint_client client;
    published<credentials>& out;
    std::function<void()> changed;
    keeper_options options;
    notice failures;
    std::array<std::unique_ptr<slot>, policy::grant_set::distinct> slots;
    bool stopped = false;
};

/// The life of one set's token: asleep until a request wants it, then minted and renewed as long as requests
/// do.
net::awaitable<void> credential_keeper::state::keep(std::shared_ptr<state> self, std::size_t index)
{
    auto& at = *self->slots[index];
    while (!self->stopped) {
        co_await self->until_wanted(index);
        if (self->stopped) co_return;
        at.wanted = false;
        // The token's life is counted from before it was asked for: it never seems to live longer than it
        // does.
        auto const asked_at = clock::now();
        auto result = co_await self->client.mint(policy::grant_set::at(index));
        if (self->stopped) co_return;
        self->settle(index, asked_at, std::move(result));
        co_await self->until_due(at);
    }
}

net::awaitable<void> credential_keeper::state::until_wanted(std::size_t index)
{
    auto& at = *slots[index];
    while (!stopped && !at.wanted && !at.always) {
        // Whoever comes after a quiet time waits for a new attempt instead of hearing of an old failure.
        if (out.latest()->by_grants[index].failed) publish(index, {});
        at.timer.expires_at(clock::time_point::max());
        at.asleep = true;
        // Looked at once more, since `want` may have come before it could see that there is someone to wake.
        // A wake-up runs on this thread, so not before the wait has begun.
        if (!at.wanted) co_await at.timer.async_wait(tuple);
        at.asleep = false;
    }
}

net::awaitable<void> credential_keeper::state::until_due(slot& at)
{
    while (!stopped && clock::now() < at.due) {
        at.timer.expires_at(at.due);
        co_await at.timer.async_wait(
            tuple); // may end early: for a wake-up that came late, or with a new `due`
    }
}

/// What an attempt gave: published, counted, told; and when the next one is due.
void credential_keeper::state::settle(std::size_t index, clock::time_point asked_at, mint_result result)
{
    auto& at = *slots[index];
    bool const minted = result.flaw.empty();
    if (options.attempted) options.attempted(minted);
    if (minted) {
        at.failures = 0;
        at.asked_at = asked_at;
        at.due = asked_at + renew_after(lifetime, options.timing, options.random());
        expire_at(index, asked_at + lifetime);
        publish(index, {std::make_shared<certs::secret const>(std::move(result.token)), false});
        return;
    }
    ++at.failures;
    at.due = clock::now() + retry_after(at.failures, options.timing, options.random());
    failures.tell("cannot mint an upstream access token: " + result.flaw, clock::now());
    auto const& entry = out.latest()->by_grants[index];
    if (entry.bearer == nullptr && !entry.failed) publish(index, {nullptr, true});
}

/// Withdraws the token when its life ends. Replaced by the next token's.
void credential_keeper::state::expire_at(std::size_t index, clock::time_point when)
{
    auto& at = *slots[index];
    at.expiry.expires_at(when);
    auto end_of_life = [self = shared_from_this(), index, when](boost::system::error_code) {
        auto const& one = *self->slots[index];
        // The wait for an older token may end at the moment at which a newer one replaces it.
        if (self->stopped || one.expiry.expiry() != when || clock::now() < when) return;
        // When nobody is trying, a request that comes next is to wait for an attempt, not to hear of an old
        // failure.
        self->publish(index, {nullptr, one.failures != 0 && !one.asleep});
    };
    at.expiry.async_wait(std::move(end_of_life));
}

void credential_keeper::state::publish(std::size_t index, credentials::entry entry)
{
    auto next = std::make_shared<credentials>(*out.latest());
    next->by_grants[index] = std::move(entry);
    out.publish(std::move(next));
    changed();
}

void credential_keeper::state::give_up_rejected(std::size_t index)
{
    auto& at = *slots[index];
    at.rejected = false;
    auto const age = clock::now() - at.asked_at;
    // While attempts fail, the back-off rules; and a young token's 401 may be that of the one before it.
    if (stopped || at.failures != 0 || age < options.timing.rejected_most_every) return;
    at.wanted = true;
    at.due = clock::now();
    at.timer.cancel();
}

void credential_keeper::state::shut()
{
    stopped = true;
    client.stop();
    for (auto& each : slots) {
        each->timer.cancel();
        each->expiry.cancel();
    }
}

namespace {

/// The key itself serves every set of grants, and for ever.
std::shared_ptr<credentials const> all_with(certs::secret api_key)
{
    auto const key = std::make_shared<certs::secret const>(std::move(api_key));
    auto next = std::make_shared<credentials>();
    for (auto& entry : next->by_grants)
        entry.bearer = key;
    return next;
}

} // namespace

credential_keeper::credential_keeper(
    net::io_context& control,
    upstream_config const& config,
    certs::secret api_key,
    published<addresses> const& where,
    published<credentials>& out,
    std::function<void()> changed,
    keeper_options options)
{
    if (config.credential == credential_kind::api_key) {
        out.publish(all_with(std::move(api_key)));
        net::post(control, std::move(changed));
        return;
    }
    state_ = std::make_shared<state>(
        control, config, std::move(api_key), where, out, std::move(changed), std::move(options));
    for (std::size_t index = 1; index < policy::grant_set::distinct; ++index) // the empty set needs no token
        net::co_spawn(control, state::keep(state_, index), on_end);
}

credential_keeper::~credential_keeper()
{
    if (state_) state_->shut();
}

void credential_keeper::want(policy::grant_set grants)
{
    if (!state_ || grants.empty()) return;
    auto& at = *state_->slots[grants.index()];
    // Read first: all workers come by here with every request, and a store would take the cache line from
    // them.
    if (!at.wanted) at.wanted = true;
    if (!at.asleep || !at.asleep.exchange(false)) return;
    net::post(
        state_->control, [self = state_, index = grants.index()] { self->slots[index]->timer.cancel(); });
}

void credential_keeper::rejected(policy::grant_set grants)
{
    if (!state_ || grants.empty() || state_->slots[grants.index()]->rejected.exchange(true)) return;
    net::post(state_->control, [self = state_, index = grants.index()] { self->give_up_rejected(index); });
}

void credential_keeper::trust_anew(trust in)
{
    if (state_) state_->client.trust_anew(std::move(in));
}

void credential_keeper::stop()
{
    if (state_) net::post(state_->control, [self = state_] { self->shut(); });
}

} // namespace gateway::upstream
