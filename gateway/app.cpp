#include "gateway/app.hpp"

#include "certs/random.hpp"
#include "gateway/base/config_rules.hpp"
#include "gateway/base/random_seed.hpp"
#include "gateway/doors.hpp"
#include "gateway/drain.hpp"
#include "gateway/edge/worker.hpp"
#include "gateway/file_watch.hpp"
#include "gateway/generations.hpp"
#include "gateway/jail/jail.hpp"
#include "gateway/key_material.hpp"
#include "gateway/memory_watch.hpp"
#include "gateway/on_signal.hpp"
#include "gateway/reload.hpp"
#include "gateway/revoke.hpp"
#include "gateway/service_manager.hpp"
#include "gateway/session/in_process_revocations.hpp"
#include "gateway/start_up.hpp"
#include "gateway/ticket_rotation.hpp"
#include "gateway/watch/admin.hpp"
#include "gateway/watchdog.hpp"

#include <boost/asio/post.hpp>

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

namespace gateway {

namespace net = boost::asio;

namespace {

/// Everything that lives as long as the process, in the order in which one thing needs the other. The control
/// thread (the one that calls `run`) keeps addresses, credentials, tickets and the admin listener; the
/// workers serve.
class app {
public:
    app(config const& configuration,
        serve_options const& options,
        service_manager const& manager,
        inherited_sockets handed_down);
    int run();

private:
    void make_workers(inherited_sockets& handed_down);
    void open_admin(inherited_sockets& handed_down);
    [[nodiscard]] watch::admin_sources admin_sources();
    [[nodiscard]] std::string metrics();
    void note_revocations();
    [[nodiscard]] reload_setting reload_setting_of_process();
    void put_in_force();
    [[nodiscard]] watch::admin_answer reload_by_order();
    void hear_hangup();
    void watch_files();
    [[nodiscard]] std::string why_not_ready() const;
    void tell_ports() const;
    void end_by_signal();
    void begin_log_anew();
    template <class Step>
    void tell_workers(Step step);
    [[nodiscard]] memory_options memory_options_of_process(limits_config const& limits);
    [[nodiscard]] std::vector<drain::step> steps_of_the_end();
    void begin_drain();
    void stop_workers();
    [[nodiscard]] watch::admin_answer drain_by_order(watch::admin_request const& asked);
    [[nodiscard]] std::chrono::steady_clock::time_point last_tick() const;
    void worker_ended();
    [[nodiscard]] config const& configuration() const noexcept { return generations_.configuration(); }

    serve_options const& options_;
    service_manager const& manager_;
    key_material material_;
    jail::heap_pin heap_;
    net::io_context control_{1};
    session::in_process_revocations revoked_;
    session::renewals renewals_;
    session::handoffs handoffs_;
    edge::doorkeeper doorkeeper_;
    watch::process_metrics process_;
    watch::access_log log_;
    revoker revoker_;
    generations generations_;
    edge::surroundings shared_;

    std::uint16_t https_port_ = 0;
    std::uint16_t http_port_ = 0;
    std::vector<std::unique_ptr<edge::worker>> workers_;
    std::size_t running_ = 0;
    std::optional<watch::admin> admin_;
    reload reload_{reload_setting_of_process()};
    on_signal hangup_;
    on_signal end_;
    on_signal log_is_aside_;
    file_watch file_watch_{control_, std::cerr, [this] {
                               if (!drain_.begun()) reload_.run_for_files();
                           }};
    ticket_rotation ticket_rotation_;
    memory_watch memory_watch_;
    watchdog watchdog_{control_, manager_, [this] { return last_tick(); }};
    drain drain_{control_};
    int exit_code_ = 0;
};

app::app(
    config const& configuration,
    serve_options const& options,
    service_manager const& manager,
    inherited_sockets handed_down)
    : options_(options),
      manager_(manager),
      material_(configuration),
      revoked_(
          configuration.tokens.revocations_max,
          random_hash_seed(certs::system_random),
          [this] { tell_workers([](auto& one) { one.revocations_changed(); }); }),
      renewals_(configuration.tokens.revocations_max, random_hash_seed(certs::system_random)),
      handoffs_(configuration.session.handoffs_max, random_hash_seed(certs::system_random)),
      doorkeeper_(configuration.limits, certs::system_random),
      log_(configuration.log.access, configuration.log.queue_bytes, process_),
      revoker_(revoked_, log_),
      generations_(
          control_,
          material_.app_keys,
          process_,
          [this] { tell_workers([](auto& one) { one.credentials_changed(); }); }),
      shared_{
          material_.token_keys,
          material_.app_keys,
          material_.server_tls,
          revoked_,
          renewals_,
          handoffs_,
          doorkeeper_,
          log_,
          certs::system_random,
          [this] { net::post(control_, [this] { generations_.bury(); }); }},
      hangup_(control_, {SIGHUP}, [this] { hear_hangup(); }),
      end_(control_, {SIGTERM, SIGINT}, [this] { end_by_signal(); }),
      log_is_aside_(control_, {SIGUSR1}, [this] { begin_log_anew(); }),
      ticket_rotation_(control_, material_.tickets, configuration.tls.ticket_rotation),
      memory_watch_(control_, memory_options_of_process(configuration.limits), std::cerr)
{
    (void)generations_.put_in_force(generations_.make(configuration));
    make_workers(handed_down);
    open_admin(handed_down);
}

void app::make_workers(inherited_sockets& handed_down)
{
    doors open(configuration(), handed_down);
    auto const count = event_loops(configuration());
    for (unsigned i = 0; i < count; ++i)
        workers_.push_back(std::make_unique<edge::worker>(shared_, generations_.now(), open.for_a_worker()));
    https_port_ = open.https_port();
    http_port_ = open.http_port();
}

void app::open_admin(inherited_sockets& handed_down)
{
    auto const& where = configuration().listen.admin;
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
        return revoker_.revoke(asked, configuration(), std::chrono::system_clock::now());
    };
    sources.reload = [this](watch::admin_request const&) { return reload_by_order(); };
    sources.drain = [this](watch::admin_request const& asked) { return drain_by_order(asked); };
    return sources;
}

/// Empty: it is. The app's keys are waited for as long as the first attempt takes, not for its success: other
/// tokens need none.
std::string app::why_not_ready() const
{
    if (drain_.begun()) return "draining";
    if (generations_.upstream().side().addresses.latest()->empty())
        return "the upstream's address is not known yet";
    if (!generations_.app_keys_tried()) return "the app's keys are being fetched";
    return {};
}

reload_setting app::reload_setting_of_process()
{
    return {
        control_,
        options_.read_anew,
        material_,
        generations_,
        heap_,
        process_,
        std::cerr,
        [this] { put_in_force(); },
        [this] { tell_workers([](auto& one) { one.trust_changed(); }); }};
}

/// What runs keeps what it began with.
void app::put_in_force()
{
    tell_workers([next = generations_.now()](auto& one) { one.put_in_force(next); });
    ticket_rotation_.change(configuration().tls.ticket_rotation);
    watch_files();
}

watch::admin_answer app::reload_by_order()
{
    if (drain_.begun()) return {409, "draining: nothing is read anew any more\n"};
    auto const before = generations_.now();
    if (auto const flaw = reload_.run()) return {flaw->takes_restart ? 409U : 422U, flaw->text + "\n"};
    return {
        200,
        "{\"in_force_since\":" + std::to_string(process_.in_force_since.get()) +
            ",\"configuration_changed\":" + (generations_.now() == before ? "false" : "true") + "}\n"};
}

/// Whoever manages the service waits until it is told that this is over.
void app::hear_hangup()
{
    if (drain_.begun()) return;
    manager_.reloading(std::chrono::steady_clock::now());
    (void)reload_.run();
    manager_.ready();
}

void app::watch_files()
{
    std::vector<std::string> files;
    if (configuration().reload.watch)
        for (auto const& file : named_files(configuration()))
            files.push_back(file.name);
    file_watch_.watch(std::move(files));
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
    return watch::write_metrics(counts, process_, generations_.route_paths());
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
void app::end_by_signal()
{
    if (!drain_.begun()) return begin_drain();
    exit_code_ = 1;
    stop_workers();
}

void app::begin_log_anew()
{
    if (auto const flaw = log_.reopen())
        std::cerr << "log.access: goes on in the old file, since it cannot be opened anew: " << flaw.message()
                  << std::endl;
}

template <class Step>
void app::tell_workers(Step step)
{
    for (auto const& one : workers_)
        step(*one);
}

memory_options app::memory_options_of_process(limits_config const& limits)
{
    memory_options out;
    out.budget = limits.memory != 0 ? limits.memory : usual_memory_budget();
    process_.memory_budget.set(out.budget);
    out.used = [this] { return process_.own.resident_bytes(); };
    out.changed = [this](pressure how) {
        process_.memory_pressure.set(static_cast<std::uint64_t>(how));
        tell_workers([how](auto& one) { one.press(how); });
    };
    return out;
}

std::vector<drain::step> app::steps_of_the_end()
{
    auto const& times = configuration().drain;
    auto const all = [this](auto what) { return [this, what] { tell_workers(what); }; };
    std::vector<drain::step> steps{
        {milliseconds{0}, all([](auto& one) { one.drain(); })}
    };
    auto closed = times.delay;
    if (configuration().listen.reuse_port) { // whoever asks again finds the next gateway
        // Handshakes that are under way are completed in this time: as long as the way to a client and back.
        constexpr milliseconds on_the_way_in{250};
        steps.push_back({times.delay, all([](auto& one) { one.turn_newcomers_away(); })});
        closed += on_the_way_in;
    }
    auto const over = std::max<milliseconds>(times.deadline, closed);
    auto const last_words = 2 * configuration().limits.closing; // to the client, and to the upstream
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
    std::cerr << "drain: asked for by " << asked.client << std::endl;
    begin_drain();
    auto const ends = std::chrono::ceil<seconds>(std::chrono::system_clock::now() + drain_.left());
    return {200, "{\"ends_by\":" + std::to_string(ends.time_since_epoch().count()) + "}\n"};
}

void app::stop_workers()
{
    tell_workers([](auto& one) { one.stop(); });
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

int app::run()
{
    watch_files();
    // Before the first thread.
    jail::enter(
        configuration(), options_.config_file, heap_, process_environment, log_.directory(), std::cerr);
    ticket_rotation_.start();
    reload_.start();
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
    if (options_.print_ports) tell_ports();
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
    return app(configuration, options, manager, std::move(handed_down)).run();
}

} // namespace gateway
