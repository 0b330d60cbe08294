#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/config_rules.hpp"

namespace gateway {

/// Every limit with its name and bounds, once: for the reader of the configuration and for those who explain
/// it. `visitor` has `bytes`, `number` and `duration`, called as (name, member, least, most).
template <class Visitor, class Limits>
void list_limits(Visitor& visitor, Limits& of)
{
    using namespace std::chrono_literals;
    constexpr std::uint64_t KiB = 1ULL << 10;
    constexpr std::uint64_t MiB = 1ULL << 20;
    constexpr std::uint64_t GiB = 1ULL << 30;

    visitor.bytes("head_bytes", of.head_bytes, 1 * KiB, 256 * KiB);
    visitor.bytes("target_bytes", of.target_bytes, 256, policy::target_bytes_max);
    visitor.number("header_fields", of.header_fields, 8, header_fields_capacity);
    visitor.bytes("response_head_bytes", of.response_head_bytes, 1 * KiB, 256 * KiB);
    visitor.bytes("own_body_bytes", of.own_body_bytes, 256, 1 * MiB);
    visitor.bytes("body_bytes", of.body_bytes, 1 * KiB, 1024 * GiB);
    visitor.bytes("frame_bytes", of.frame_bytes, 1 * KiB, 4 * GiB);
    visitor.bytes("message_bytes", of.message_bytes, 1 * KiB, 4 * GiB);
    visitor.bytes("relay_window_bytes", of.relay_window_bytes, 4 * KiB, 16 * MiB);
    visitor.bytes("replay_bytes", of.replay_bytes, 0, 16 * MiB);
    visitor.number("connections", of.connections, 1, 1'000'000);
    visitor.number("connections_per_address", of.connections_per_address, 0, 1'000'000);
    visitor.number("handshakes", of.handshakes, 1, 1'000'000);
    visitor.number("requests_per_connection", of.requests_per_connection, 1, 1'000'000'000);
    visitor.bytes("memory", of.memory, 0, 1024 * GiB);
    visitor.number("failures", of.failures, 0, 1'000'000);
    visitor.number("failure_entries", of.failure_entries, 128, 16'777'216);

    visitor.duration("failure_refill", of.failure_refill, 1ms, 1h);
    visitor.duration("rejected_for", of.rejected_for, 0ms, 1h);
    visitor.duration("handshake", of.handshake, 100ms, 2min);
    visitor.duration("head", of.head, 100ms, 2min);
    visitor.duration("idle", of.idle, 100ms, 1h);
    visitor.duration("body_stall", of.body_stall, 100ms, 1h);
    visitor.duration("upstream_connect", of.upstream_connect, 100ms, 2min);
    visitor.duration("upstream_answer", of.upstream_answer, 100ms, 1h);
    visitor.duration("stream_stall", of.stream_stall, 100ms, 24h);
    visitor.duration("websocket_idle", of.websocket_idle, 100ms, 7 * 24h);
    visitor.duration("websocket_ping", of.websocket_ping, 0ms, 1h);
    visitor.duration("write_stall", of.write_stall, 100ms, 1h);
    visitor.duration("peer_silence", of.peer_silence, 8s, 2h);
    visitor.duration("closing", of.closing, 10ms, 1min);
}

} // namespace gateway
