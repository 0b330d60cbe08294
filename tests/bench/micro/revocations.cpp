// What a revocation costs whoever makes it, and a full list each request.
#include "policy/revocation.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using policy::revoked_by;
using namespace std::chrono_literals;

constexpr policy::seconds_since_epoch now{std::chrono::seconds(1'800'000'000)};

/// As long as the ids that the gateway makes.
std::string id(std::size_t number)
{
    auto const digits = std::to_string(number);
    return std::string(16 - digits.size(), 'A') + digits;
}

policy::revocation_list full_list(std::size_t entries)
{
    policy::revocation_list out(entries, {});
    for (std::size_t i = 0; i < entries; ++i)
        out.add(revoked_by::session, id(i), now + 1h + std::chrono::seconds(i));
    return out;
}

/// As `in_process_revocations::add`: the next list is made from the one that others still read.
void add_to_a_full_list(benchmark::State& state)
{
    auto const entries = static_cast<std::size_t>(state.range(0));
    auto list = full_list(entries);
    auto number = entries;
    for (auto _ : state) {
        auto next = list;
        next.forget_expired(now);
        next.add(revoked_by::session, id(number), now + 1h + std::chrono::seconds(number));
        ++number;
        list = std::move(next);
    }
}
BENCHMARK(add_to_a_full_list)->Arg(1'024)->Arg(65'536)->Unit(benchmark::kMicrosecond);

void match(benchmark::State& state)
{
    auto const list = full_list(static_cast<std::size_t>(state.range(0)));
    policy::claims about;
    about.jti = id(1'000'000);
    about.sid = id(1'000'001);
    about.sub = "user-7";
    for (auto _ : state)
        benchmark::DoNotOptimize(list.matches(about, now));
}
BENCHMARK(match)->Arg(0)->Arg(1'024)->Arg(65'536);

} // namespace
