#include "gateway/app.hpp"

#include "certs/random.hpp"
#include "gateway/base/random_seed.hpp"
#include "gateway/doors.hpp"
#include "gateway/drain.hpp"
#include "gateway/edge/worker.hpp"
#include "gateway/hangup.hpp"
#include "gateway/jail/jail.hpp"
#include "gateway/key_material.hpp"
#include "gateway/memory_watch.hpp"
#include "gateway/revoke.hpp"
#include "gateway/service_manager.hpp"
#include "gateway/session/authorizer.hpp"
#include "gateway/session/in_process_revocations.hpp"
#include "gateway/start_up.hpp"
#include "gateway/ticket_rotation.hpp"
#include "gateway/upstream/app_key_keeper.hpp"
#include "gateway/upstream/credential.hpp"
#include "gateway/upstream/resolver.hpp"
#include "gateway/watch/admin.hpp"
#include "gateway/watchdog.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

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
    app(config const& configuration, service_manager const& manager, inherited_sockets handed_down);
    int run(serve_options const& options);

private:
    void make_workers(inherited_sockets& handed_down);
    void open_admin(inherited_sockets& handed_down);
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
    [[nodiscard]] std::vector<drain::step> steps_of_the_end();
    void begin_drain();
    void stop_workers();
    [[nodiscard]] watch::admin_answer drain_by_order(watch::admin_request const& asked);
    [[nodiscard]] std::chrono::steady_clock::time_point last_tick() const;
    void worker_ended();

    config const& configuration_;
    service_manager const& manager_;
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

    std::uint16_t https_port_ = 0;
    std::uint16_t http_port_ = 0;
    std::vector<std::unique_ptr<edge::worker>> workers_;
    std::size_t running_ = 0;
    std::optional<watch::admin> admin_;
    hangup hangup_{control_, material_, heap_, process_, std::cerr, manager_, [this] { trust_anew(); }};
    ticket_rotation ticket_rotation_{control_, material_.tickets, configuration_.tls.ticket_rotation};
    memory_watch memory_watch_{control_, memory_options_of_process(), std::cerr};
    watchdog watchdog_{control_, manager_, [this] { return last_tick(); }};
    net::signal_set signals_{control_, SIGTERM, SIGINT};
    net::signal_set rotations_{control_, SIGUSR1};
    drain drain_{control_};
    int exit_code_ = 0;
};

app::app(config const& configuration, service_manager const& manager, inherited_sockets handed_down)
    : configuration_(configuration),
      manager_(manager),
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
          certs::system_random}
{
    keep_app_keys();
    make_workers(handed_down);
    open_admin(handed_down);
}

void app::make_workers(inherited_sockets& handed_down)
{
    doors open(configuration_, handed_down);
    auto const count = configuration_.threads != 0 ? configuration_.threads
                                                   : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i)
        workers_.push_back(std::make_unique<edge::worker>(shared_, open.for_a_worker()));
    https_port_ = open.https_port();
    http_port_ = open.http_port();
}

void app::open_admin(inherited_sockets& handed_down)
{
    auto const& where = configuration_.listen.admin;
    if (!handed_down.admin.empty()) {
        admin_.emplace(control_, handed_down.admin.front().release(), admin_sources());
    } else if (where) {
        edge::check_free(*where, "give one of the two another address, with --admin HOST:PORT");
        admin_.emplace(control_, *where, admin_sources());
    }
}

watch::admin_sources app::admin_sources()
{
    watch::admin_sources sources;
    sources.why_not_ready = [this] { return why_not_ready(); };
    sources.metrics = [this] { return metrics(); };
    sources.revoke = [this](watch::admin_request const& asked) {
        return revoker_.revoke(asked, std::chrono::system_clock::now());
    };
    sources.drain = [this](watch::admin_request const& asked) { return drain_by_order(asked); };
    return sources;
}

/// Empty: it is. The app's keys are waited for as long as the first attempt takes, not for its success: other
/// tokens need none.
std::string app::why_not_ready() const
{
    if (drain_.begun()) return "draining";
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
    std::cout << "voicegate ready https=" << https_port_ << " http=" << http_port_
              << " admin=" << (admin_ ? admin_->port() : 0) << std::endl;
}

/// The first one: no new work, what runs may end. One more ends it at once.
void app::await_signal()
{
    signals_.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        if (drain_.begun()) {
            exit_code_ = 1;
            return stop_workers();
        }
        begin_drain();
        await_signal();
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

std::vector<drain::step> app::steps_of_the_end()
{
    auto const& times = configuration_.drain;
    auto const all = [this](auto what) {
        return [this, what] {
            for (auto const& one : workers_)
                what(*one);
        };
    };
    std::vector<drain::step> steps{
        {milliseconds{0}, all([](auto& one) { one.drain(); })}
    };
    auto closed = times.delay;
    if (configuration_.listen.reuse_port) { // whoever asks again finds the next gateway
        // Handshakes that are under way are completed in this time: as long as the way to a client and back.
        constexpr milliseconds on_the_way_in{250};
        steps.push_back({times.delay, all([](auto& one) { one.turn_newcomers_away(); })});
        closed += on_the_way_in;
    }
    auto const over = std::max<milliseconds>(times.deadline, closed);
    auto const last_words = 2 * configuration_.limits.closing; // to the client, and to the upstream
    steps.push_back({closed, all([](auto& one) { one.close_doors(); })});
    steps.push_back({over, all([spread = times.spread](auto& one) { one.end_streams(spread); })});
    steps.push_back({over + times.spread + last_words, [this] { stop_workers(); }});
    return steps;
}

void app::begin_drain()
{
    if (drain_.begun()) return;
    drain_.begin(steps_of_the_end());
    manager_.stopping(drain_.left());
}

watch::admin_answer app::drain_by_order(watch::admin_request const& asked)
{
    if (!asked.body.empty() && asked.body != "{}") return {400, "nothing but {} can be said here\n"};
    std::cerr << "drain: asked for by " << asked.client << std::endl;
    begin_drain();
    auto const ends = std::chrono::ceil<seconds>(std::chrono::system_clock::now() + drain_.left());
    return {200, "{\"ends_by\":" + std::to_string(ends.time_since_epoch().count()) + "}\n"};
}

void app::stop_workers()
{
    for (auto const& one : workers_)
        one->stop();
}

std::chrono::steady_clock::time_point app::last_tick() const
{
    auto oldest = std::chrono::steady_clock::time_point::max();
    for (auto const& one : workers_)
        oldest = std::min(oldest, one->last_tick());
    return oldest;
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
    manager_.ready();
    watchdog_.start();
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
    service_manager const manager(process_environment, std::cerr);
    auto handed_down = take_inherited_sockets(process_environment);
    forget_service_manager();
    return app(configuration, manager, std::move(handed_down)).run(options);
}

} // namespace gateway
