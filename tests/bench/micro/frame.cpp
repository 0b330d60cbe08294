// Following the frames of a WebSocket.
#include "gateway/wire/frame.hpp"
#include "tests/bench/samples.hpp"

#include <benchmark/benchmark.h>

namespace {

using gateway::wire::flow;

/// `count` frames of `payload_bytes` that came in one read.
void follow(benchmark::State& state, flow way, std::size_t payload_bytes, int count)
{
    std::string bytes;
    for (auto i = 0; i < count; ++i)
        bytes += bench::text_frame(payload_bytes, way == flow::from_client);
    gateway::wire::frame_follower follower(way, {});
    for (auto _ : state) {
        auto const passed = follower.feed(bytes);
        if (passed.pass != bytes.size()) return state.SkipWithError("the frames do not pass");
        benchmark::DoNotOptimize(passed);
    }
    state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK_CAPTURE(follow, one_small_masked, flow::from_client, 200, 1);
BENCHMARK_CAPTURE(follow, one_big, flow::from_server, 4096, 1);
BENCHMARK_CAPTURE(follow, hundred_tiny, flow::from_server, 16, 100);

/// A frame whose header is torn: a part is held until the rest is there.
void follow_torn_header(benchmark::State& state)
{
    auto const frame = bench::text_frame(200, true);
    auto const bytes = std::span(frame);
    gateway::wire::frame_follower follower(flow::from_client, {});
    for (auto _ : state) {
        benchmark::DoNotOptimize(follower.feed(bytes.first(3)));
        auto const rest = follower.feed(bytes.subspan(3));
        if (rest.consumed < bytes.size() - 3)
            benchmark::DoNotOptimize(follower.feed(bytes.subspan(3 + rest.consumed)));
    }
}
BENCHMARK(follow_torn_header);

} // namespace
