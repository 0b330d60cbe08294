// The access log's line.
#include "gateway/watch/access_log.hpp"
#include "tests/bench/samples.hpp"

#include <benchmark/benchmark.h>

namespace {

void append_log_line(benchmark::State& state)
{
    gateway::watch::access_record record;
    record.at = bench::now;
    record.request_id = "0c9a1f0e-6a3b-4a53-9a83-5a9c3a5f2b10";
    record.client = "192.0.2.7";
    record.method = "POST";
    record.path = record.route = "/tts/bytes";
    record.transport = "http";
    record.status = 200;
    record.granted = true;
    record.token_kind = "sealed";
    record.token_source = "cookie";
    record.subject = "user_2f4c9a1e";
    record.token_id = "jti-0123456789abcdefgh";
    record.bytes_in = 206;
    record.bytes_out = 409'600;
    record.duration = std::chrono::microseconds(123'456);
    record.first_byte = std::chrono::microseconds(45'678);
    std::string out;
    for (auto _ : state) {
        out.clear();
        gateway::watch::append_line(out, record);
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(append_log_line);

} // namespace
