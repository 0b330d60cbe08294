// Taking the payload out of a chunked body, and framing it anew.
#include "gateway/wire/body.hpp"
#include "gateway/relay/framing.hpp"
#include "tests/bench/samples.hpp"

#include <benchmark/benchmark.h>

namespace {

/// One chunk as it is relayed: found, and framed anew in its place. `argument`: bytes of payload.
void reframe_chunk(benchmark::State& state)
{
    constexpr std::size_t room = 32;
    auto const size = static_cast<std::size_t>(state.range(0));
    auto const sent = bench::chunk(std::string(size, 'a'));
    std::string window(room + sent.size() + room, '\0');
    gateway::wire::body_decoder body(gateway::wire::framing::chunked, 0);
    for (auto _ : state) {
        auto const bytes = std::span(window).subspan(room, sent.size());
        sent.copy(bytes.data(), bytes.size()); // framing it anew has written over it
        auto const piece = body.feed(bytes);
        if (piece.size != size) return state.SkipWithError("the chunk is not read");
        benchmark::DoNotOptimize(
            gateway::relay::chunk_in_place(bytes.subspan(piece.offset, piece.size), false));
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(reframe_chunk)->Arg(200)->Arg(4096);

/// Many small chunks that came at once: their payload is moved together.
void gather_chunks(benchmark::State& state)
{
    constexpr auto chunks = 32;
    std::string sent;
    for (auto i = 0; i < chunks; ++i)
        sent += bench::chunk(bench::speech_event(200));
    auto window = sent;
    gateway::wire::body_decoder body(gateway::wire::framing::chunked, 0);
    for (auto _ : state) {
        sent.copy(window.data(), window.size());
        benchmark::DoNotOptimize(body.feed(window));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(sent.size()));
}
BENCHMARK(gather_chunks);

} // namespace
