// Reading heads.
#include "gateway/wire/head.hpp"
#include "tests/bench/samples.hpp"

#include <benchmark/benchmark.h>

namespace {

void read_request_head(benchmark::State& state)
{
    gateway::published<certs::key_set> const keys(bench::token_keys());
    gateway::token_cipher const cipher(keys);
    auto const text = bench::browser_post(bench::sealed_token(cipher), bench::speech_request().size());
    gateway::wire::request_head head;
    for (auto _ : state) {
        std::size_t scanned = 0;
        auto const read = gateway::wire::read_request_head(text, {}, scanned, head);
        if (read.bytes != text.size()) return state.SkipWithError("the head is not read");
        benchmark::DoNotOptimize(head);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_request_head);

void read_response_head(benchmark::State& state)
{
    auto const text = bench::answer_in_chunks("audio/wav");
    gateway::wire::response_head head;
    for (auto _ : state) {
        std::size_t scanned = 0;
        auto const read = gateway::wire::read_response_head(text, {}, false, scanned, head);
        if (read.bytes != text.size()) return state.SkipWithError("the head is not read");
        benchmark::DoNotOptimize(head);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_response_head);

} // namespace
