#include "gateway/app.hpp"

#include "certs/random.hpp"
#include "gateway/base/random_seed.hpp"
#include "gateway/edge/worker.hpp"
#include "gateway/hangup.hpp"
#include "gateway/jail/jail.hpp"
#include "gateway/key_material.hpp"
#include "gateway/memory_watch.hpp"
#include "gateway/revoke.hpp"
#include "gateway/session/authorizer.hpp"
#include "gateway/session/in_process_revocations.hpp"
#include "gateway/start_up.hpp"
#include "gateway/ticket_rotation.hpp"
#include "gateway/upstream/app_key_keeper.hpp"
#include "gateway/upstream/credential.hpp"
#include "gateway/upstream/resolver.hpp"
#include "gateway/watch/admin.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

namespace gateway {

namespace net = boost::asio;

namespace {

/// A server of the app's that the gateway calls, and where it is.
struct app_server {
    app_server(net::io_context& control, http_url const& url, seconds look_up_every)
        : look_up(control, {url.host, url.port, look_up_every}, where)
    {
        look_up.start();
    }

    published<upstream::addresses> where{std::make_shared<upstream::addresses>()};
    upstream::resolver look_up;
};

/// Everything that lives as long as the process, in the order in which one thing needs the other. The control
/// thread (the one that calls `run`) keeps addresses, credentials, tickets and the admin listener; the
/// workers serve.
class app {
public:
    explicit app(config const& configuration);
    int run(serve_options const& options);

private:
    void make_workers();
    [[nodiscard]] std::vector<edge::worker::door> next_doors();
    [[nodiscard]] watch::admin_sources admin_sources();
    [[nodiscard]] std::string metrics();
    void note_revocations();
    [[nodiscard]] upstream::keeper_options keeper_options();
    [[nodiscard]] session::authorizer* make_authorizer();
    void keep_app_keys();
    [[nodiscard]] std::string why_not_ready() const;
    void tell_ports() const;
    void await_signal();
    void await_rotation();
    void trust_anew();
    [[nodiscard]] memory_options memory_options_of_process();
    void drain();
    void worker_ended();

    config const& configuration_;
    policy::route_table routes_;
    key_material material_;
    jail::heap_pin heap_;
    net::io_context control_{1};
    published<upstream::addresses> addresses_{std::make_shared<upstream::addresses>()};
    published<upstream::credentials> credentials_{std::make_shared<upstream::credentials>()};
    session::in_process_revocations revoked_;
    session::renewals renewals_;
    session::handoffs handoffs_;
    edge::doorkeeper doorkeeper_;
    watch::process_metrics process_;
    watch::access_log log_;
    revoker revoker_;
    upstream::resolver resolver_;
    upstream::credential_keeper keeper_;
    std::optional<app_server> backend_; ///< that is asked who a user is
    std::optional<session::authorizer> authorizer_;
    std::optional<app_server> key_server_;
    std::optional<upstream::app_key_keeper> app_key_keeper_;
    edge::surroundings shared_;

    std::vector<endpoint> https_; ///< with the ports that the first worker was given
    std::vector<endpoint> http_;
    std::vector<std::unique_ptr<edge::worker>> workers_;
    std::size_t running_ = 0;
    std::optional<watch::admin> admin_;
    hangup hangup_{control_, material_, heap_, process_, std::cerr, [this] { trust_anew(); }};
    ticket_rotation ticket_rotation_{control_, material_.tickets, configuration_.tls.ticket_rotation};
    memory_watch memory_watch_{control_, memory_options_of_process(), std::cerr};
    net::signal_set signals_{control_, SIGTERM, SIGINT};
    net::signal_set rotations_{control_, SIGUSR1};
    net::steady_timer drain_end_{control_};
    bool draining_ = false;
    int exit_code_ = 0;
};

app::app(config const& configuration)
    : configuration_(configuration),
      routes_(configuration.routes),
      material_(configuration),
      revoked_(
          configuration.tokens.revocations_max,
          random_hash_seed(certs::system_random),
          [this] {
              for (auto const& one : workers_)
                  one->revocations_changed();
          }),
      renewals_(configuration.tokens.revocations_max, random_hash_seed(certs::system_random)),
      handoffs_(configuration.session.handoffs_max, random_hash_seed(certs::system_random)),
      doorkeeper_(configuration.limits, certs::system_random),
      log_(configuration.log.access, configuration.log.queue_bytes, process_),
      revoker_(configuration, revoked_, log_),
      resolver_(
          control_,
          {configuration.upstream.host, configuration.upstream.port, configuration.upstream.resolve_every},
          addresses_),
      keeper_(
          control_,
          configuration.upstream,
          load_api_key(configuration.upstream),
          addresses_,
          credentials_,
          [this] {
              for (auto const& one : workers_)
                  one->credentials_changed();
          },
          keeper_options()),
      shared_{
          configuration,
          routes_,
          material_.token_keys,
          material_.app_keys,
          material_.server_tls,
          material_.upstream_trust,
          addresses_,
          credentials_,
          keeper_,
          revoked_,
          renewals_,
          handoffs_,
          doorkeeper_,
          make_authorizer(),
          [this] {
              if (app_key_keeper_) app_key_keeper_->missing();
          },
          log_,
          certs::system_random},
      https_(configuration.listen.https),
      http_(configuration.listen.http)
{
    keep_app_keys();
    make_workers();
    if (configuration.listen.admin) admin_.emplace(control_, *configuration.listen.admin, admin_sources());
}

void app::make_workers()
{
    auto const count = configuration_.threads != 0 ? configuration_.threads
                                                   : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i)
        workers_.push_back(std::make_unique<edge::worker>(shared_, next_doors()));
}

/// One worker's listeners. Where the first one takes a free port, the others follow it.
std::vector<edge::worker::door> app::next_doors()
{
    std::vector<edge::worker::door> doors;
    auto const open = [&](std::vector<endpoint>& where, bool tls) {
        for (auto& at : where) {
            edge::listener made(at, configuration_.listen.backlog);
            made.keep_alive(configuration_.limits);
            at = made.where();
            doors.push_back({std::move(made), tls});
        }
    };
    open(https_, true);
    open(http_, false);
    return doors;
}

watch::admin_sources app::admin_sources()
{
    watch::admin_sources sources;
    sources.why_not_ready = [this] { return why_not_ready(); };
    sources.metrics = [this] { return metrics(); };
    sources.revoke = [this](watch::admin_request const& asked) {
        return revoker_.revoke(asked, std::chrono::system_clock::now());
    };
    return sources;
}

/// Empty: it is. The app's keys are waited for as long as the first attempt takes, not for its success: other
/// tokens need none.
std::string app::why_not_ready() const
{
    if (draining_) return "draining";
    if (addresses_.latest()->empty()) return "the upstream's address is not known yet";
    if (app_key_keeper_ && !app_key_keeper_->tried()) return "the app's keys are being fetched";
    return {};
}

session::authorizer* app::make_authorizer()
{
    auto const& settings = configuration_.session.authorize;
    if (!settings.url.given()) return nullptr;
    backend_.emplace(control_, settings.url, configuration_.upstream.resolve_every);
    session::authorizer_options options;
    options.asked = [this](bool answered) {
        process_.app_asked.add();
        if (!answered) process_.app_ask_failures.add();
    };
    return &authorizer_.emplace(control_, settings, backend_->where, std::move(options));
}

void app::keep_app_keys()
{
    auto const& tokens = configuration_.tokens;
    if (!tokens.app_keys_url.given()) return;
    key_server_.emplace(control_, tokens.app_keys_url, configuration_.upstream.resolve_every);
    upstream::app_key_options options;
    options.attempted = [this](bool fetched) {
        process_.app_key_fetches.add();
        if (!fetched) return process_.app_key_fetch_failures.add();
        auto const now = edge::wall_clock().time_since_epoch().count();
        process_.app_keys_fetched_at.set(static_cast<std::uint64_t>(now));
    };
    app_key_keeper_.emplace(control_, tokens, key_server_->where, material_.app_keys, std::move(options));
}

upstream::keeper_options app::keeper_options()
{
    upstream::keeper_options options;
    options.attempted = [this](bool minted) { (minted ? process_.mints : process_.mint_failures).add(); };
    return options;
}

std::string app::metrics()
{
    note_revocations();
    process_.certificate_ends.clear();
    for (auto const& [name, ends_at] : material_.server_tls.latest()->certificates())
        process_.certificate_ends.push_back({name, ends_at});
    std::vector<watch::worker_metrics const*> counts;
    for (auto const& one : workers_)
        counts.push_back(&one->metrics());
    std::vector<std::string> paths;
    for (auto const& row : routes_.rows())
        paths.emplace_back(row.path);
    return watch::write_metrics(counts, process_, paths);
}

void app::note_revocations()
{
    auto const revoked = revoked_.list().latest();
    process_.revocations_in_force.set(revoked->in_force(edge::wall_clock()));
    process_.revocations_overflowed.set(revoked->overflowed());
    for (auto what : policy::all_revoked_by)
        process_.revocations[static_cast<std::size_t>(what)].set(revoked->added(what));
}

void app::tell_ports() const
{
    auto const port = [](std::vector<endpoint> const& where) {
        return where.empty() ? 0 : where.front().port;
    };
    std::cout << "voicegate ready https=" << port(https_) << " http=" << port(http_)
              << " admin=" << (admin_ ? admin_->port() : 0) << std::endl;
}

void app::await_signal()
{
    signals_.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        if (!draining_) return drain();
        exit_code_ = 1;
        for (auto const& one : workers_)
            one->stop();
    });
}

/// SIGUSR1: somebody has put the log's file aside.
void app::await_rotation()
{
    rotations_.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        if (auto const flaw = log_.reopen())
            std::cerr << "log.access: goes on in the old file, since it cannot be opened anew: "
                      << flaw.message() << std::endl;
        await_rotation();
    });
}

/// What was verified before holds for what runs, and for nothing that begins.
void app::trust_anew()
{
    keeper_.trust_anew(material_.upstream_trust.latest());
    for (auto const& one : workers_)
        one->trust_changed();
}

memory_options app::memory_options_of_process()
{
    memory_options out;
    out.budget = configuration_.limits.memory != 0 ? configuration_.limits.memory : usual_memory_budget();
    process_.memory_budget.set(out.budget);
    out.used = [this] { return process_.own.resident_bytes(); };
    out.changed = [this](pressure how) {
        process_.memory_pressure.set(static_cast<std::uint64_t>(how));
        for (auto const& one : workers_)
            one->press(how);
    };
    return out;
}

/// The first signal: no new work, what runs may end; a second one ends it at once.
void app::drain()
{
    draining_ = true;
    for (auto const& one : workers_)
        one->drain();
    drain_end_.expires_after(configuration_.drain.deadline);
    drain_end_.async_wait([this](boost::system::error_code const& error) {
        if (error) return;
        for (auto const& one : workers_)
            one->stop();
    });
    await_signal();
}

void app::worker_ended()
{
    if (--running_ == 0) control_.stop();
}

int app::run(serve_options const& options)
{
    jail::enter(configuration_, heap_, process_environment, log_.directory(), std::cerr); // before any thread
    resolver_.start();
    ticket_rotation_.start();
    await_signal();
    await_rotation();
    hangup_.start();
    memory_watch_.start();
    std::vector<std::jthread> threads;
    for (auto const& one : workers_) {
        ++running_;
        threads.emplace_back([this, &one] {
            one->run();
            net::post(control_, [this] { worker_ended(); });
        });
    }
    if (options.print_ports) tell_ports();
    auto const busy = net::make_work_guard(control_);
    control_.run();
    return exit_code_;
}

} // namespace

int serve(config const& configuration, serve_options const& options)
{
    jail::close_doors();
    std::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    return app(configuration).run(options);
}

} // namespace gateway
