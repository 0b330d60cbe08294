#include "gateway/watch/metrics.hpp"
#include "gateway/watch/metrics_text.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

using namespace gateway::watch;
using namespace std::chrono_literals;

namespace {

/// What a scraper understands of a text; every line that it would refuse fails the test.
struct scrape {
    std::map<std::string, std::string> values; ///< `name{labels}` -> value
    std::map<std::string, std::string> types;
};

std::string family_of(std::string const& name, std::map<std::string, std::string> const& types)
{
    for (std::string const suffix : {"_bucket", "_sum", "_count"}) {
        if (!name.ends_with(suffix)) continue;
        auto const base = name.substr(0, name.size() - suffix.size());
        if (auto const found = types.find(base); found != types.end() && found->second == "histogram")
            return base;
    }
    return name;
}

scrape parsed(std::string const& text)
{
    static auto const help = std::regex(R"(# HELP ([a-z_]+) [^\n\\]+)");
    static auto const type = std::regex(R"(# TYPE ([a-z_]+) (counter|gauge|histogram))");
    static auto const label = std::string(R"([a-z]+="(?:[^"\\\n]|\\["\\n])*")");
    static auto const labels = R"((\{)" + label + "(?:," + label + R"()*\})?)";
    static auto const sample = std::regex("([a-z_]+)" + labels + R"( ([0-9]+(?:\.[0-9]+)?))");
    BOOST_REQUIRE(text.ends_with('\n'));
    auto in = std::istringstream(text);
    auto got = scrape{};
    std::string family;
    std::string helped;
    for (std::string line; std::getline(in, line);) {
        std::smatch match;
        if (std::regex_match(line, match, help)) {
            helped = match[1];
        } else if (std::regex_match(line, match, type)) {
            family = match[1];
            BOOST_TEST(family == helped);
            BOOST_TEST(got.types.emplace(family, match[2]).second, "twice: " + line);
            BOOST_TEST((match[2] == "counter") == family.ends_with("_total"), line);
        } else {
            BOOST_REQUIRE_MESSAGE(std::regex_match(line, match, sample), line);
            BOOST_TEST(family_of(match[1], got.types) == family, line);
            BOOST_TEST(
                got.values.emplace(match[1].str() + match[2].str(), match[3]).second, "twice: " + line);
        }
    }
    return got;
}

struct two_workers {
    std::unique_ptr<worker_metrics> first = std::make_unique<worker_metrics>();
    std::unique_ptr<worker_metrics> second = std::make_unique<worker_metrics>();
    process_metrics process;
    std::vector<std::string> paths{"/tts/bytes", "/tts/websocket"};

    [[nodiscard]] std::string text() const
    {
        return write_metrics({first.get(), second.get()}, process, paths);
    }
    [[nodiscard]] std::string value(std::string const& series) const
    {
        auto const values = parsed(text()).values;
        auto const found = values.find(series);
        return found == values.end() ? "absent" : found->second;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_FIXTURE_TEST_CASE(a_scraper_reads_every_line, two_workers)
{
    auto const got = parsed(text());
    BOOST_TEST(got.types.size() > 25U);
    for (auto const& [name, type] : got.types)
        BOOST_TEST((name.starts_with("voicegate_") || name.starts_with("process_")), name);
    BOOST_TEST(parsed(write_metrics({}, process, {})).types.size() == got.types.size());
}

BOOST_FIXTURE_TEST_CASE(workers_are_summed, two_workers)
{
    first->connections_accepted.add(3);
    second->connections_accepted.add(4);
    first->connections_open.add(3);
    first->connections_open.sub();
    first->handshakes_resumed.add(2);
    first->handshakes_failed[static_cast<std::size_t>(gateway::wire::handshake_failure::alert)].add(3);
    second->connections_tls_1_3.add(6);
    process.mints.add(5);
    BOOST_TEST(value("voicegate_connections_accepted_total") == "7");
    BOOST_TEST(value("voicegate_connections_open") == "2");
    BOOST_TEST(value(R"(voicegate_tls_handshakes_total{result="resumed"})") == "2");
    BOOST_TEST(value(R"(voicegate_tls_handshake_failures_total{cause="alert"})") == "3");
    BOOST_TEST(value(R"(voicegate_tls_connections_total{version="1.3"})") == "6");
    BOOST_TEST(value("voicegate_upstream_token_mints_total") == "5");
}

BOOST_FIXTURE_TEST_CASE(first_bytes_are_told_by_kind, two_workers)
{
    first->time_to_first_byte[2].record(2ms);
    second->time_to_first_byte[0].record(2ms);
    second->loop_lag.record(3ms);
    BOOST_TEST(value(R"(voicegate_time_to_first_byte_seconds_count{kind="websocket"})") == "1");
    BOOST_TEST(value(R"(voicegate_time_to_first_byte_seconds_bucket{kind="websocket",le="0.001"})") == "0");
    BOOST_TEST(value(R"(voicegate_time_to_first_byte_seconds_bucket{kind="websocket",le="0.0025"})") == "1");
    BOOST_TEST(value(R"(voicegate_time_to_first_byte_seconds_sum{kind="sse"})") == "0");
    BOOST_TEST(value("voicegate_event_loop_lag_seconds_count") == "1");
}

BOOST_FIXTURE_TEST_CASE(the_end_of_each_certificate_is_told, two_workers)
{
    process.certificate_ends.push_back({"voice.example", std::chrono::sys_seconds{1'800'000'000s}});
    BOOST_TEST(value(R"(voicegate_certificate_end_timestamp_seconds{name="voice.example"})") == "1800000000");
}

BOOST_FIXTURE_TEST_CASE(requests_show_where_there_were_some, two_workers)
{
    first->requests[0][2].add(1);
    second->requests[0][2].add(2);
    second->requests[1][0].add(4);
    second->requests[worker_metrics::routes_max][4].add(8);
    BOOST_TEST(value(R"(voicegate_requests_total{route="/tts/bytes",code="2xx"})") == "3");
    BOOST_TEST(value(R"(voicegate_requests_total{route="/tts/websocket",code="none"})") == "4");
    BOOST_TEST(value(R"(voicegate_requests_total{route="other",code="4xx"})") == "8");
    std::size_t series = 0;
    for (auto const& [name, count] : parsed(text()).values)
        series += name.starts_with("voicegate_requests_total{") ? 1U : 0U;
    BOOST_TEST(series == 3U);
}

BOOST_FIXTURE_TEST_CASE(reasons_have_their_log_names, two_workers)
{
    first->denied[static_cast<std::size_t>(policy::denial::grant_missing)].add(2);
    first->failed[static_cast<std::size_t>(gateway::fault::grant_not_yours)].add(3);
    first->websockets_ended[static_cast<std::size_t>(gateway::stream_end::internal)].add(4);
    for (auto i = 0; i < 5; ++i)
        first->note_close("client", 1001);
    second->note_close("client", 1001);
    second->note_close("upstream", 4321);
    second->note_close("", 1000); // nobody said it
    auto const end = std::string(log_name(gateway::stream_end::internal));
    auto const fault = std::string(log_name(gateway::fault::grant_not_yours));
    BOOST_TEST(value(R"(voicegate_requests_denied_total{reason="grant_missing"})") == "2");
    BOOST_TEST(value(R"(voicegate_requests_failed_total{reason=")" + fault + "\"}") == "3");
    BOOST_TEST(value(R"(voicegate_websockets_ended_total{by="gateway",reason=")" + end + "\"}") == "4");
    BOOST_TEST(value(R"(voicegate_websockets_closed_total{by="client",code="1001"})") == "6");
    BOOST_TEST(value(R"(voicegate_websockets_closed_total{by="upstream",code="other"})") == "1");
    BOOST_TEST(value(R"(voicegate_websockets_closed_total{by="gateway",code="1000"})") == "0");
}

BOOST_FIXTURE_TEST_CASE(revocations_are_counted_by_what_they_match, two_workers)
{
    process.revocations_in_force.set(7);
    process.revocations_overflowed.set(2);
    process.revocations[static_cast<std::size_t>(policy::revoked_by::subject)].set(5);
    first->answers_ended[static_cast<std::size_t>(gateway::stream_end::revoked)].add(3);
    auto const revoked = std::string(log_name(gateway::stream_end::revoked));
    BOOST_TEST(value("voicegate_revocations_in_force") == "7");
    BOOST_TEST(value("voicegate_revocations_overflowed_total") == "2");
    BOOST_TEST(value(R"(voicegate_revocations_total{by="sub"})") == "5");
    BOOST_TEST(value(R"(voicegate_revocations_total{by="jti"})") == "0");
    BOOST_TEST(value(R"(voicegate_answers_ended_total{by="gateway",reason=")" + revoked + "\"}") == "3");
}

BOOST_FIXTURE_TEST_CASE(histograms_are_cumulative_and_in_seconds, two_workers)
{
    first->request_duration.record(250us);
    first->request_duration.record(250us + 1ns); // more than the bound
    second->request_duration.record(2ms);
    second->request_duration.record(2min);
    second->request_duration.record(-1s);
    auto const bucket = [](std::string const& bound) {
        return "voicegate_request_duration_seconds_bucket{le=\"" + bound + "\"}";
    };
    BOOST_TEST(value(bucket("0.00025")) == "2");
    BOOST_TEST(value(bucket("0.0005")) == "3");
    BOOST_TEST(value(bucket("0.0025")) == "4");
    BOOST_TEST(value(bucket("1")) == "4");
    BOOST_TEST(value(bucket("60")) == "4");
    BOOST_TEST(value(bucket("+Inf")) == "5");
    BOOST_TEST(value("voicegate_request_duration_seconds_count") == "5");
    BOOST_TEST(value("voicegate_request_duration_seconds_sum") == "120.002501");
}

BOOST_FIXTURE_TEST_CASE(the_process_is_described, two_workers)
{
    auto const now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto const started = std::stod(value("process_start_time_seconds"));
    BOOST_TEST((started > now - 86'400 && started < now + 5));
    BOOST_TEST(std::stoull(value("process_resident_memory_bytes")) > 1'000'000U);
    BOOST_TEST(std::stoull(value("process_open_fds")) >= 3U);
    BOOST_TEST(text().find("voicegate_build_info{version=\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(label_values_are_escaped)
{
    auto out = metrics_text{};
    out.family("voicegate_x", "gauge", "x");
    out.sample(
        {
            {"route", "a\"b\\c\nd"}
    },
        1);
    BOOST_TEST(
        std::move(out).take() ==
        "# HELP voicegate_x x\n# TYPE voicegate_x gauge\nvoicegate_x{route=\"a\\\"b\\\\c\\nd\"} 1\n");
}

BOOST_AUTO_TEST_CASE(seconds_have_no_needless_zeros)
{
    BOOST_TEST(seconds_text(0) == "0");
    BOOST_TEST(seconds_text(1) == "0.000001");
    BOOST_TEST(seconds_text(2'500) == "0.0025");
    BOOST_TEST(seconds_text(1'500'000) == "1.5");
    BOOST_TEST(seconds_text(60'000'000) == "60");
}

BOOST_AUTO_TEST_SUITE_END()
