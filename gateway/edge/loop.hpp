#pragma once
#include "gateway/base/deadlines.hpp"
#include "gateway/base/waker.hpp"
#include "gateway/watch/metrics.hpp"
#include "gateway/wire/readiness.hpp"

namespace gateway::edge {

/// What one worker turns by as long as it lives, whatever is in force: its sockets, who is to run, its clock
/// and its counters. Nothing of it is touched by another thread but the counters, which are read.
struct loop {
    wire::readiness sockets;
    wake_queue wakes;
    deadlines wheel{std::chrono::steady_clock::now()};
    watch::worker_metrics metrics;
};

} // namespace gateway::edge
