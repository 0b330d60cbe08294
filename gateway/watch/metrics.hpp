#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/watch/metrics_process.hpp"
#include "gateway/wire/handshake_failure.hpp"
#include "policy/denial.hpp"
#include "policy/revocation.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::watch {

/// A number that one worker changes and the admin listener reads: no locked instruction on the data path.
class counter {
public:
    void add(std::uint64_t n = 1) noexcept
    {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    void sub(std::uint64_t n = 1) noexcept
    {
        value_.store(value_.load(std::memory_order_relaxed) - n, std::memory_order_relaxed);
    }
    void set(std::uint64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Counts one in a gauge, as long as it lives.
class counted {
public:
    explicit counted(counter& in) noexcept : in_(in) { in_.add(); }
    ~counted() { in_.sub(); }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;

private:
    counter& in_;
};

/// How long things took, in buckets of 1, 2.5, 5 … seconds' fractions (Prometheus classic histogram).
class histogram {
public:
    static constexpr std::array<std::uint32_t, 16> bounds_us{
        250,
        500,
        1'000,
        2'500,
        5'000,
        10'000,
        25'000,
        50'000,
        100'000,
        250'000,
        500'000,
        1'000'000,
        2'500'000,
        5'000'000,
        10'000'000,
        60'000'000};
    void record(std::chrono::steady_clock::duration took) noexcept;
    [[nodiscard]] std::array<counter, bounds_us.size() + 1> const& buckets() const noexcept
    {
        return buckets_;
    }
    [[nodiscard]] std::uint64_t sum_us() const noexcept { return sum_us_.get(); }

private:
    std::array<counter, bounds_us.size() + 1> buckets_;
    counter sum_us_;
};

/// What a first byte belongs to.
inline constexpr std::array<std::string_view, 3> first_byte_kinds{"http", "sse", "websocket"};
/// Who closes a WebSocket.
inline constexpr std::array<std::string_view, 3> stream_sides{"client", "upstream", "gateway"};
/// Codes with which WebSockets are closed (RFC 6455 §7.4.1), as far as they are told apart.
inline constexpr std::array<std::uint16_t, 12> close_codes{
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013};

/// What one worker counts. Plain names; `write_metrics` gives them their Prometheus names. No user is ever a
/// label.
struct worker_metrics {
    static constexpr std::size_t denials = 32;
    static constexpr std::size_t faults = 48;
    static constexpr std::size_t stream_ends = 16;
    static constexpr std::size_t routes_max = 64;
    static constexpr std::size_t status_classes = 6;

    counter connections_accepted, connections_open, connections_refused, connections_refused_by_address;
    counter proxy_headers_refused;
    counter handshakes_full, handshakes_resumed, handshakes_open;
    std::array<counter, wire::handshake_failures.size() + 1> handshakes_failed; ///< by handshake_failure
    counter connections_tls_1_2, connections_tls_1_3;
    counter plain_http_refused, tokens_burnt, tokens_revoked, authentications_failed;
    /// [place of the route, or routes_max for everything else][status / 100]
    std::array<std::array<counter, status_classes>, routes_max + 1> requests;
    std::array<counter, denials> denied; ///< by policy::denial
    std::array<counter, faults> failed;  ///< by fault
    counter websockets_opened, websockets_open;
    std::array<counter, stream_ends> websockets_ended; ///< by stream_end, for those that the gateway ended
    /// [stream_sides][close_codes; the last: any other]
    std::array<std::array<counter, close_codes.size() + 1>, stream_sides.size()> websockets_closed;
    std::array<counter, stream_ends> answers_ended; ///< by stream_end: HTTP answers that were under way
    counter bytes_from_clients, bytes_to_clients;
    counter upstream_connects, upstream_connect_failures, upstream_reuses, upstream_retries, upstream_idle;
    counter upstream_handshakes_full, upstream_handshakes_resumed, upstream_opened_ahead;
    counter upstream_sockets_held, upstream_sockets_handed_over;
    histogram request_duration; ///< of forwarded HTTP requests, to the last byte
    /// From the request's head to the first byte of the answer; of a WebSocket from the client's first frame
    /// to the upstream's first behind it.
    std::array<histogram, first_byte_kinds.size()> time_to_first_byte; ///< by first_byte_kinds
    histogram loop_lag; ///< how late the event loop was where it should have been at a given time

    /// `by`: one of `stream_sides`.
    void note_close(std::string_view by, std::uint16_t code) noexcept;
};

/// When a certificate ends. `name`: the first that it states.
struct certificate_end {
    std::string name;
    std::chrono::sys_seconds at;
};

/// What is counted once for the whole process.
struct process_metrics {
    own_figures own;
    counter log_lines_dropped, log_queue_bytes;
    counter mints, mint_failures;
    counter revocations_in_force, revocations_overflowed;
    std::array<counter, policy::all_revoked_by.size()> revocations; ///< ever entered, by policy::revoked_by
    counter app_asked, app_ask_failures;
    counter app_key_fetches, app_key_fetch_failures,
        app_keys_fetched_at; ///< the last in seconds since the epoch
    counter reloads, reload_failures;
    counter in_force_since;  ///< when what is in force was read: seconds since the epoch
    counter token_keys_end;  ///< when the last key that seals ends; 0: never
    counter memory_budget;   ///< bytes
    counter memory_pressure; ///< by gateway::pressure
    std::vector<certificate_end> certificate_ends; ///< of those that are served now
};

/// Prometheus text format 0.0.4, summed over the workers. `route_paths`: by place (route_places.hpp).
[[nodiscard]] std::string write_metrics(
    std::vector<worker_metrics const*> const& workers,
    process_metrics const& process,
    std::vector<std::string> const& route_paths);

} // namespace gateway::watch
