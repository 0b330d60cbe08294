// Opening a client's token.
#include "tests/bench/samples.hpp"

#include <benchmark/benchmark.h>

namespace {

void open_sealed(benchmark::State& state)
{
    gateway::published<certs::key_set> const keys(bench::token_keys());
    gateway::token_cipher const cipher(keys);
    auto const token = bench::sealed_token(cipher);
    for (auto _ : state) {
        auto const claims = policy::open_sealed(token, cipher, bench::now);
        if (!claims) return state.SkipWithError("the token does not open");
        benchmark::DoNotOptimize(claims);
    }
}
BENCHMARK(open_sealed);

void read_cartesia(benchmark::State& state)
{
    auto const token = bench::cartesia_token();
    for (auto _ : state) {
        auto const claims = policy::read_cartesia(token, "https://api.cartesia.ai");
        if (!claims) return state.SkipWithError("the token is not read");
        benchmark::DoNotOptimize(claims);
    }
}
BENCHMARK(read_cartesia);

} // namespace
