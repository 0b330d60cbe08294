// Writing the heads that go on.
#include "gateway/edge/admit.hpp"
#include "gateway/relay/heads.hpp"
#include "tests/bench/micro/court.hpp"

#include <benchmark/benchmark.h>

namespace {

constexpr std::string_view request_id = "0c9a1f0e-6a3b-4a53-9a83-5a9c3a5f2b10";

void write_request_head(benchmark::State& state)
{
    bench::court const court;
    auto const text = bench::browser_post(bench::sealed_token(court.cipher), bench::speech_request().size());
    gateway::wire::request_head head;
    bench::read(text, head);
    gateway::edge::judged_facts const facts(head);
    auto const verdict = court.judge.decide(facts.request(), court.revoked, bench::now);
    if (!verdict) return state.SkipWithError("the request is refused");
    auto const bearer = bench::cartesia_token();
    gateway::relay::outgoing_request with;
    with.host = "api.cartesia.ai";
    with.bearer = bearer;
    with.request_id = request_id;
    with.client = "192.0.2.7";
    for (auto _ : state)
        benchmark::DoNotOptimize(gateway::relay::write_request_head(*verdict, head, with));
}
BENCHMARK(write_request_head);

void append_response_head(benchmark::State& state)
{
    auto const text = bench::answer_in_chunks("audio/wav");
    gateway::wire::response_head head;
    std::size_t scanned = 0;
    (void)gateway::wire::read_response_head(text, {}, false, scanned, head);
    gateway::relay::outgoing_response with;
    with.body = gateway::relay::client_framing::chunked;
    with.request_id = request_id;
    with.hsts_max_age = std::chrono::hours(24);
    std::string out;
    for (auto _ : state) {
        out.clear();
        gateway::relay::append_response_head(out, head, with);
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(append_response_head);

} // namespace
