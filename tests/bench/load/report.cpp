#include "tests/bench/load/report.hpp"

#include <concepts>

namespace bench::load {

namespace {

/// A flat JSON object. Names and texts are our own and need no escapes.
class object {
public:
    void add(std::string const& name, std::integral auto value) { put(name, std::to_string(value)); }
    void add(std::string const& name, double value) { put(name, std::to_string(value)); }
    void add(std::string const& name, object const& value) { put(name, value.text()); }
    [[nodiscard]] std::string text() const { return "{" + members_ + "}"; }

private:
    void put(std::string const& name, std::string const& value)
    {
        if (!members_.empty()) members_ += ", ";
        members_ += "\"" + name + "\": " + value;
    }
    std::string members_;
};

double in_seconds(nanoseconds time) { return std::chrono::duration<double>(time).count(); }
double in_microseconds(nanoseconds time) { return std::chrono::duration<double, std::micro>(time).count(); }

object reasons(statistics const& counts)
{
    object out;
    for (auto const& [reason, n] : counts.reasons)
        out.add(reason, n);
    return out;
}

void add_times(object& to, statistics& counts)
{
    to.add("p50_us", counts.times.microseconds(0.5));
    to.add("p99_us", counts.times.microseconds(0.99));
    to.add("p999_us", counts.times.microseconds(0.999));
    to.add("first_p50_us", counts.first_times.microseconds(0.5));
    to.add("first_p99_us", counts.first_times.microseconds(0.99));
}

void add_counts(object& to, statistics const& counts)
{
    to.add("bytes", counts.bytes);
    to.add("reads", counts.reads);
    to.add("events", counts.events);
    to.add("events_that_shared_a_read", counts.events_that_shared_a_read);
    to.add("handshakes", counts.handshakes);
    to.add("resumptions", counts.resumptions);
    for (std::size_t hundreds = 1; hundreds < counts.answers.size(); ++hundreds)
        to.add("status_" + std::to_string(hundreds) + "xx", counts.answers[hundreds]);
    to.add("failures", counts.failures_measured);
    to.add("failures_in_all", counts.failures);
    to.add("failure_reasons", reasons(counts));
}

void add_processors(object& to, options const& given, measurement const& over, std::uint64_t operations)
{
    auto const lasted = in_seconds(over.lasted);
    to.add("load_cores", in_seconds(over.spent.own) / lasted);
    for (std::size_t i = 0; i < given.watched.size(); ++i) {
        auto const spent = over.spent.watched[i];
        auto const each = operations == 0 ? 0.0 : in_microseconds(spent) / static_cast<double>(operations);
        to.add(given.watched[i].name + "_cores", in_seconds(spent) / lasted);
        to.add(given.watched[i].name + "_us", each);
    }
}

} // namespace

std::string report(options const& given, measurement const& over, statistics& counts)
{
    auto const lasted = in_seconds(over.lasted);
    object out;
    out.add("connections", given.connections);
    out.add("seconds", lasted);
    out.add("operations", counts.operations);
    out.add("per_second", static_cast<double>(counts.operations) / lasted);
    out.add("megabytes_per_second", static_cast<double>(counts.bytes) / lasted / 1e6);
    add_times(out, counts);
    add_counts(out, counts);
    add_processors(out, given, over, counts.operations);
    return out.text();
}

std::string report_idle(std::size_t held, statistics const& counts)
{
    object out;
    out.add("held", held);
    out.add("failures", counts.failures);
    out.add("failure_reasons", reasons(counts));
    return out.text();
}

} // namespace bench::load
