// The whole verdict on a request.
#include "policy/judge.hpp"
#include "gateway/edge/admit.hpp"
#include "tests/bench/micro/court.hpp"

#include <benchmark/benchmark.h>

namespace {

void decide(benchmark::State& state, bool cartesia)
{
    bench::court const court;
    auto const text =
        bench::browser_post(cartesia ? bench::cartesia_token() : bench::sealed_token(court.cipher), 0);
    gateway::wire::request_head head;
    bench::read(text, head);
    for (auto _ : state) {
        gateway::edge::judged_facts const facts(head);
        auto const verdict = court.judge.decide(facts.request(), court.revoked, bench::now);
        if (!verdict) return state.SkipWithError("the request is refused");
        benchmark::DoNotOptimize(verdict);
    }
}
BENCHMARK_CAPTURE(decide, sealed_token, false);
BENCHMARK_CAPTURE(decide, cartesia_token, true);

void deny(benchmark::State& state)
{
    bench::court const court;
    auto const text = bench::browser_post("", 0);
    gateway::wire::request_head head;
    bench::read(text, head);
    for (auto _ : state) {
        gateway::edge::judged_facts const facts(head);
        auto const verdict = court.judge.decide(facts.request(), court.revoked, bench::now);
        if (verdict) return state.SkipWithError("the request is admitted");
        benchmark::DoNotOptimize(verdict);
    }
}
BENCHMARK(deny);

} // namespace
