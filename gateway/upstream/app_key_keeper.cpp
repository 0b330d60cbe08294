#include "gateway/upstream/app_key_keeper.hpp"

#include "certs/random.hpp"
#include "gateway/base/on_end.hpp"
#include "gateway/base/once_in.hpp"
#include "gateway/upstream/fetch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>

namespace net = boost::asio;

namespace gateway::upstream {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr std::size_t answer_bytes_max = std::size_t{64} * 1024; ///< as much as a key set may have

double system_fraction() { return certs::random_fraction(certs::system_random); }

std::string request_for(http_url const& url)
{
    return "GET " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
           "\r\nUser-Agent: voicegate\r\nAccept: application/jwk-set+json, application/json\r\n"
           "Connection: close\r\n\r\n";
}

trust load_keys_trust(token_config const& tokens)
{
    return load_trust(tokens.app_keys_url, tokens.app_keys_ca_file, "tokens.jwt.keys_ca_file");
}

} // namespace

struct app_key_keeper::state {
    state(
        net::io_context& on,
        token_config const& tokens,
        published<addresses> const& where,
        published<certs::signature_keys>& to,
        app_key_options with)
        : control(on),
          request(request_for(tokens.app_keys_url)),
          refresh(tokens.app_keys_refresh),
          client(on, {tokens.app_keys_url.host, load_keys_trust(tokens)}, where),
          out(to),
          options(std::move(with)),
          failures_told(options.tell),
          missing_rule(options.missing_most_every),
          timer(on)
    {
        if (!options.random) options.random = system_fraction;
    }

    static net::awaitable<void> keep(std::shared_ptr<state> self);
    net::awaitable<void> until_due();
    void settle(fetched const& got);
    void publish(fetched const& got);

    net::io_context& control;
    std::string const request;
    seconds const refresh;
    fetch_client client;
    published<certs::signature_keys>& out;
    app_key_options options;
    notice failures_told;
    once_in missing_rule;
    net::steady_timer timer;
    clock::time_point due{};
    unsigned failures = 0; ///< in a row
    bool again = false;    ///< a key has been missed since the last fetch began
    bool tried = false;
    bool stopped = false;
};

net::awaitable<void> app_key_keeper::state::keep(std::shared_ptr<state> self)
{
    fetch_bounds const bounds{self->options.timing.deadline, answer_bytes_max};
    while (!self->stopped) {
        self->again = false;
        auto got = co_await self->client.fetch(self->request, bounds);
        if (self->stopped) co_return;
        self->settle(got);
        co_await self->until_due();
    }
}

net::awaitable<void> app_key_keeper::state::until_due()
{
    while (!stopped && !again && clock::now() < due) {
        timer.expires_at(due);
        co_await timer.async_wait(tuple); // ends early when a key is missed
    }
}

void app_key_keeper::state::settle(fetched const& got)
{
    try {
        publish(got);
        failures = 0;
        due = clock::now() + refresh;
    } catch (std::runtime_error const& flaw) {
        auto const rest = retry_after(++failures, options.timing, options.random());
        due = clock::now() + std::min<clock::duration>(rest, refresh);
        failures_told.tell(
            std::string("tokens.jwt.keys_url gives no new keys: ") + flaw.what(), clock::now());
    }
    tried = true;
    if (options.attempted) options.attempted(failures == 0);
}

/// Throws `std::runtime_error` with what is wrong, in words that hold nothing of the answer.
void app_key_keeper::state::publish(fetched const& got)
{
    if (got.how != fetched::ending::answered) throw std::runtime_error(got.flaw);
    if (got.status != 200) throw std::runtime_error("it answered " + std::to_string(got.status));
    using certs::signature_keys;
    out.publish(std::make_shared<signature_keys const>(got.body, signature_keys::unusable::passed_over));
}

app_key_keeper::app_key_keeper(
    net::io_context& control,
    token_config const& tokens,
    published<addresses> const& where,
    published<certs::signature_keys>& out,
    app_key_options options)
    : state_(std::make_shared<state>(control, tokens, where, out, std::move(options)))
{
    net::co_spawn(control, state::keep(state_), on_end);
}

app_key_keeper::~app_key_keeper() { stop(); }

void app_key_keeper::missing() noexcept
try {
    if (!state_->missing_rule.allow(clock::now())) return;
    net::post(state_->control, [self = state_] {
        self->again = true;
        self->timer.cancel();
    });
} catch (std::bad_alloc const&) { // then another token will ask
}

bool app_key_keeper::tried() const noexcept { return state_->tried; }

void app_key_keeper::stop()
{
    state_->stopped = true;
    state_->client.stop();
    state_->timer.cancel();
}

} // namespace gateway::upstream
