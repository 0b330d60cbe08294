// The bytes of a refusal.
#include "gateway/base/reply.hpp"

#include <benchmark/benchmark.h>

namespace {

void write_refusal(benchmark::State& state, policy::denial why, gateway::error_form form)
{
    gateway::reply_context how;
    how.form = form;
    how.request_id = "0c9a1f0e-6a3b-4a53-9a83-5a9c3a5f2b10";
    how.keep_alive = true;
    how.hsts_max_age = std::chrono::hours(24);
    for (auto _ : state)
        benchmark::DoNotOptimize(gateway::write_refusal(gateway::words_for(why), how));
}
BENCHMARK_CAPTURE(write_refusal, no_token, policy::denial::no_token, gateway::error_form::problem_json);
BENCHMARK_CAPTURE(write_refusal, no_route_text, policy::denial::no_route, gateway::error_form::text);

} // namespace
