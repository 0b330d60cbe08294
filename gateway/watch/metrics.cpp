#include "gateway/watch/metrics.hpp"

#include "gateway/watch/metrics_singles.hpp"
#include "gateway/watch/metrics_text.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace gateway::watch {
namespace {

using workers_view = std::vector<worker_metrics const*>;

/// Sums over the workers what `pick` finds in each.
template <class Pick>
std::uint64_t sum(workers_view const& workers, Pick pick)
{
    std::uint64_t total = 0;
    for (auto const* worker : workers)
        total += pick(*worker).get();
    return total;
}

void write_singles(metrics_text& out, workers_view const& workers, process_metrics const& process)
{
    for (auto const& [name, type, help, count] : worker_singles) {
        auto const pick = [member = count](worker_metrics const& of) -> counter const& { return of.*member; };
        out.family(name, type, help);
        out.sample({}, sum(workers, pick));
    }
    for (auto const& [name, type, help, count] : process_singles) {
        out.family(name, type, help);
        out.sample({}, (process.*count).get());
    }
}

void write_revocations(metrics_text& out, process_metrics const& process)
{
    out.family("voicegate_revocations_total", "counter", "Revocations entered, by what they match.");
    for (auto what : policy::all_revoked_by)
        out.sample(
            {
                {"by", policy::name(what)}
        },
            process.revocations[static_cast<std::size_t>(what)].get());
}

struct labelled {
    std::string_view value;
    counter worker_metrics::*count;
};

void write_by(
    metrics_text& out,
    workers_view const& workers,
    std::string_view label,
    std::initializer_list<labelled> series)
{
    for (auto const& [value, count] : series) {
        auto const pick = [member = count](worker_metrics const& of) -> counter const& { return of.*member; };
        out.sample(
            {
                {label, value}
        },
            sum(workers, pick));
    }
}

void write_handshakes(metrics_text& out, workers_view const& workers)
{
    using of = worker_metrics;
    out.family("voicegate_tls_handshakes_total", "counter", "TLS handshakes with clients.");
    write_by(
        out,
        workers,
        "result",
        {
            {"full",    &of::handshakes_full   },
            {"resumed", &of::handshakes_resumed}
    });
    out.family(
        "voicegate_tls_handshake_failures_total", "counter", "TLS handshakes with clients that failed.");
    for (auto why : wire::handshake_failures)
        out.sample(
            {
                {"cause", name(why)}
        },
            sum(workers, [=](of const& one) -> counter const& {
                return one.handshakes_failed[static_cast<std::size_t>(why)];
            }));
    out.family("voicegate_tls_connections_total", "counter", "Client connections by version of TLS.");
    write_by(
        out,
        workers,
        "version",
        {
            {"1.2", &of::connections_tls_1_2},
            {"1.3", &of::connections_tls_1_3}
    });
    out.family("voicegate_upstream_tls_handshakes_total", "counter", "TLS handshakes with the upstream.");
    write_by(
        out,
        workers,
        "result",
        {
            {"full",    &of::upstream_handshakes_full   },
            {"resumed", &of::upstream_handshakes_resumed}
    });
}

/// The class of a status as a label; 0 stands for requests that had no answer.
constexpr std::array<std::string_view, worker_metrics::status_classes> classes{
    "none", "1xx", "2xx", "3xx", "4xx", "5xx"};

/// Only what has happened: most routes never see most classes.
void write_requests(metrics_text& out, workers_view const& workers, std::vector<std::string> const& paths)
{
    out.family("voicegate_requests_total", "counter", "Requests answered, by route and class of status.");
    for (std::size_t status_class = 0; status_class < classes.size(); ++status_class) {
        auto const write = [&](std::string_view route, std::size_t place) {
            auto const pick = [=](worker_metrics const& of) -> counter const& {
                return of.requests[place][status_class];
            };
            auto const count = sum(workers, pick);
            if (count == 0) return;
            out.sample(
                {
                    {"route", route                },
                    {"code",  classes[status_class]}
            },
                count);
        };
        for (std::size_t place = 0; place < paths.size(); ++place)
            write(paths[place], place);
        write("other", worker_metrics::routes_max);
    }
}

/// One series for each value of a closed enum; `log_name` calls what is none of its values "" or "unknown".
template <class Reason, std::size_t N>
void write_reasons(
    metrics_text& out, workers_view const& workers, std::array<counter, N> worker_metrics::*counts)
{
    for (std::size_t i = 0; i < N; ++i) {
        auto const reason = log_name(static_cast<Reason>(i));
        if (reason.empty() || reason == "unknown") continue;
        auto const pick = [=](worker_metrics const& of) -> counter const& { return (of.*counts)[i]; };
        if constexpr (std::is_same_v<Reason, stream_end>)
            out.sample(
                {
                    {"by",     "gateway"},
                    {"reason", reason   }
            },
                sum(workers, pick));
        else
            out.sample(
                {
                    {"reason", reason}
            },
                sum(workers, pick));
    }
}

void write_all_reasons(metrics_text& out, workers_view const& workers)
{
    out.family("voicegate_requests_denied_total", "counter", "Requests that policy denied, by reason.");
    write_reasons<policy::denial>(out, workers, &worker_metrics::denied);
    out.family("voicegate_requests_failed_total", "counter", "Requests that failed otherwise, by reason.");
    write_reasons<fault>(out, workers, &worker_metrics::failed);
    out.family(
        "voicegate_websockets_ended_total", "counter", "WebSockets that the gateway ended, by reason.");
    write_reasons<stream_end>(out, workers, &worker_metrics::websockets_ended);
    out.family(
        "voicegate_answers_ended_total",
        "counter",
        "HTTP answers ended by the gateway while under way, by reason.");
    write_reasons<stream_end>(out, workers, &worker_metrics::answers_ended);
}

void write_closes(metrics_text& out, workers_view const& workers)
{
    out.family(
        "voicegate_websockets_closed_total", "counter", "WebSockets closed, by whom and with which code.");
    for (std::size_t side = 0; side < stream_sides.size(); ++side)
        for (std::size_t i = 0; i <= close_codes.size(); ++i) {
            auto const pick = [=](worker_metrics const& of) -> counter const& {
                return of.websockets_closed[side][i];
            };
            auto const code = i < close_codes.size() ? std::to_string(close_codes[i]) : std::string("other");
            out.sample(
                {
                    {"by",   stream_sides[side]},
                    {"code", code              }
            },
                sum(workers, pick));
        }
}

/// The series of one histogram; `pick` finds it in a worker. `kind`: the value of its label; empty: it has
/// none.
template <class Pick>
void write_histogram(metrics_text& out, workers_view const& workers, Pick pick, std::string_view kind = {})
{
    auto const write = [&](std::string_view suffix, std::string_view bound, std::string const& value) {
        if (kind.empty() && bound.empty()) return out.sample(suffix, {}, value);
        if (kind.empty())
            return out.sample(
                suffix,
                {
                    {"le", bound}
            },
                value);
        if (bound.empty())
            return out.sample(
                suffix,
                {
                    {"kind", kind}
            },
                value);
        out.sample(
            suffix,
            {
                {"kind", kind },
                {"le",   bound}
        },
            value);
    };
    std::uint64_t below = 0;
    for (std::size_t i = 0; i <= histogram::bounds_us.size(); ++i) {
        below +=
            sum(workers, [&](worker_metrics const& of) -> counter const& { return pick(of).buckets()[i]; });
        auto const bound =
            i < histogram::bounds_us.size() ? seconds_text(histogram::bounds_us[i]) : std::string("+Inf");
        write("_bucket", bound, std::to_string(below));
    }
    std::uint64_t total_us = 0;
    for (auto const* worker : workers)
        total_us += pick(*worker).sum_us();
    write("_sum", {}, seconds_text(total_us));
    write("_count", {}, std::to_string(below));
}

void write_histograms(metrics_text& out, workers_view const& workers)
{
    using of = worker_metrics;
    out.family(
        "voicegate_request_duration_seconds",
        "histogram",
        "Forwarded HTTP requests, from head to last byte.");
    write_histogram(
        out, workers, [](of const& one) -> auto const& { return one.request_duration; });
    out.family(
        "voicegate_time_to_first_byte_seconds",
        "histogram",
        "To the first byte of an answer; of a WebSocket from the client's first frame to the upstream's "
        "next.");
    for (std::size_t kind = 0; kind < first_byte_kinds.size(); ++kind)
        write_histogram(
            out,
            workers,
            [=](of const& one) -> auto const& { return one.time_to_first_byte[kind]; },
            first_byte_kinds[kind]);
    out.family(
        "voicegate_event_loop_lag_seconds", "histogram", "How late event loops were for what was due.");
    write_histogram(
        out, workers, [](of const& one) -> auto const& { return one.loop_lag; });
}

void write_certificates(metrics_text& out, process_metrics const& process)
{
    out.family(
        "voicegate_certificate_end_timestamp_seconds",
        "gauge",
        "When a served certificate ends, in seconds since the epoch.");
    for (auto const& one : process.certificate_ends)
        out.sample(
            {
                {"name", one.name}
        },
            static_cast<std::uint64_t>(one.at.time_since_epoch().count()));
}

std::string decimal(double value)
{
    char text[32];
    auto const length = std::snprintf(text, sizeof text, "%.2f", value);
    return {text, static_cast<std::size_t>(length)};
}

void write_gauge(
    metrics_text& out, std::string_view name, std::string_view help, std::optional<std::uint64_t> value)
{
    if (!value) return;
    out.family(name, "gauge", help);
    out.sample({}, *value);
}

/// The names that every Prometheus client library gives these.
void write_process(metrics_text& out, process_figures const& figures)
{
    if (figures.started_at) {
        out.family(
            "process_start_time_seconds", "gauge", "When the process started, in seconds since the epoch.");
        out.sample("", {}, decimal(*figures.started_at));
    }
    if (figures.cpu_seconds) {
        out.family("process_cpu_seconds_total", "counter", "User and system CPU time spent.");
        out.sample("", {}, decimal(*figures.cpu_seconds));
    }
    write_gauge(out, "process_resident_memory_bytes", "Resident memory.", figures.resident_bytes);
    write_gauge(out, "process_open_fds", "Open file descriptors.", figures.open_descriptors);
    write_gauge(
        out, "process_max_fds", "The most file descriptors that may be open.", figures.descriptors_max);
}

} // namespace

void histogram::record(std::chrono::steady_clock::duration took) noexcept
{
    // Rounded up, so that what took longer than a bound never counts as within it.
    auto const us = std::chrono::ceil<std::chrono::microseconds>(std::max(took, took.zero())).count();
    auto const value = static_cast<std::uint64_t>(us);
    auto const bucket = std::lower_bound(bounds_us.begin(), bounds_us.end(), value) - bounds_us.begin();
    buckets_[static_cast<std::size_t>(bucket)].add();
    sum_us_.add(value);
}

void worker_metrics::note_close(std::string_view by, std::uint16_t code) noexcept
{
    auto const* const side = std::find(stream_sides.begin(), stream_sides.end(), by);
    if (side == stream_sides.end()) return;
    auto const at = std::find(close_codes.begin(), close_codes.end(), code) - close_codes.begin();
    auto& of_side = websockets_closed[static_cast<std::size_t>(side - stream_sides.begin())];
    of_side[static_cast<std::size_t>(at)].add();
}

std::string write_metrics(
    std::vector<worker_metrics const*> const& workers,
    process_metrics const& process,
    std::vector<std::string> const& route_paths)
{
    auto out = metrics_text{};
    out.family("voicegate_build_info", "gauge", "1; which build runs stands in the labels.");
    out.sample(
        {
            {"version", VOICEGATE_VERSION}
    },
        1);
    write_singles(out, workers, process);
    write_revocations(out, process);
    write_handshakes(out, workers);
    write_requests(out, workers, route_paths);
    write_all_reasons(out, workers);
    write_closes(out, workers);
    write_histograms(out, workers);
    write_certificates(out, process);
    write_process(out, process.own.read());
    return std::move(out).take();
}

} // namespace gateway::watch
