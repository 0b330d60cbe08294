#pragma once
#include "gateway/watch/metrics.hpp"

#include <string_view>

namespace gateway::watch {

/// One family of one series, and where its number stands.
template <class Metrics>
struct single {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    counter Metrics::*count;
};

template <class Metrics>
constexpr single<Metrics> total(std::string_view name, std::string_view help, counter Metrics::*count)
{
    return {name, "counter", help, count};
}

template <class Metrics>
constexpr single<Metrics> gauge(std::string_view name, std::string_view help, counter Metrics::*count)
{
    return {name, "gauge", help, count};
}

using of_worker = worker_metrics;
using of_process = process_metrics;

// Dashboards read these names: never changed once released.
inline constexpr std::array worker_singles{
    total(
        "voicegate_connections_accepted_total",
        "Client connections accepted.",
        &of_worker::connections_accepted),
    gauge("voicegate_connections_open", "Client connections open now.", &of_worker::connections_open),
    total(
        "voicegate_connections_refused_total",
        "Client connections closed at once because of a limit.",
        &of_worker::connections_refused),
    total(
        "voicegate_connections_refused_by_address_total",
        "Client connections closed at once because their address has as many as it may.",
        &of_worker::connections_refused_by_address),
    total(
        "voicegate_proxy_headers_refused_total",
        "Connections closed because no header of the PROXY protocol came, or a malformed one.",
        &of_worker::proxy_headers_refused),
    gauge(
        "voicegate_tls_handshakes_open",
        "TLS handshakes with clients under way now.",
        &of_worker::handshakes_open),
    total(
        "voicegate_failed_authentications_total",
        "Tokens, server keys and codes that were none.",
        &of_worker::authentications_failed),
    total(
        "voicegate_plain_http_refused_total",
        "Requests that came without TLS and were refused.",
        &of_worker::plain_http_refused),
    total(
        "voicegate_tokens_burnt_total",
        "Tokens revoked because they came without TLS.",
        &of_worker::tokens_burnt),
    total("voicegate_websockets_opened_total", "WebSockets opened.", &of_worker::websockets_opened),
    gauge("voicegate_websockets_open", "WebSockets open now.", &of_worker::websockets_open),
    total(
        "voicegate_client_receive_bytes_total",
        "Body and frame bytes from clients.",
        &of_worker::bytes_from_clients),
    total(
        "voicegate_client_transmit_bytes_total",
        "Body and frame bytes to clients.",
        &of_worker::bytes_to_clients),
    total(
        "voicegate_tokens_revoked_total",
        "Tokens and sessions revoked by their holders.",
        &of_worker::tokens_revoked),
    total(
        "voicegate_upstream_connects_total",
        "Connections made to the upstream.",
        &of_worker::upstream_connects),
    total(
        "voicegate_upstream_connect_failures_total",
        "Connections to the upstream that failed.",
        &of_worker::upstream_connect_failures),
    total(
        "voicegate_upstream_reuses_total",
        "Requests sent on a kept upstream connection.",
        &of_worker::upstream_reuses),
    total(
        "voicegate_upstream_retries_total",
        "Requests sent again as a kept connection had died.",
        &of_worker::upstream_retries),
    total(
        "voicegate_upstream_opened_ahead_total",
        "Upstream connections opened before a request asked for one.",
        &of_worker::upstream_opened_ahead),
    gauge(
        "voicegate_upstream_websockets_held",
        "WebSockets opened ahead and held for a client now.",
        &of_worker::upstream_sockets_held),
    total(
        "voicegate_upstream_websockets_handed_over_total",
        "Held WebSockets handed over to a client.",
        &of_worker::upstream_sockets_handed_over),
    gauge(
        "voicegate_upstream_idle_connections",
        "Upstream connections kept idle now.",
        &of_worker::upstream_idle),
};

inline constexpr std::array process_singles{
    total(
        "voicegate_log_lines_dropped_total",
        "Access log lines lost: written too slowly or not at all.",
        &of_process::log_lines_dropped),
    gauge(
        "voicegate_log_queue_bytes",
        "Access log lines that wait to be written.",
        &of_process::log_queue_bytes),
    total(
        "voicegate_upstream_token_mints_total", "Access tokens minted for the upstream.", &of_process::mints),
    total(
        "voicegate_upstream_token_mint_failures_total",
        "Attempts to mint an upstream token that failed.",
        &of_process::mint_failures),
    gauge(
        "voicegate_revocations_in_force",
        "Revocations that have not expired.",
        &of_process::revocations_in_force),
    total(
        "voicegate_revocations_overflowed_total",
        "Revocations lost before their time, as more came than there is room for.",
        &of_process::revocations_overflowed),
    total("voicegate_authorize_calls_total", "Calls of the app's authorize_url.", &of_process::app_asked),
    total(
        "voicegate_authorize_call_failures_total",
        "Calls of the app's authorize_url without an answer that says yes or no.",
        &of_process::app_ask_failures),
    total("voicegate_app_key_fetches_total", "Fetches of the app's keys.", &of_process::app_key_fetches),
    total(
        "voicegate_app_key_fetch_failures_total",
        "Fetches of the app's keys that failed.",
        &of_process::app_key_fetch_failures),
    gauge(
        "voicegate_app_keys_fetch_timestamp_seconds",
        "When the app's keys in use were fetched, in seconds since the epoch; 0: not yet, or from a file.",
        &of_process::app_keys_fetched_at),
    total("voicegate_reloads_total", "Reloads that were put in force.", &of_process::reloads),
    total(
        "voicegate_reload_failures_total",
        "Reloads that were refused, so that nothing changed.",
        &of_process::reload_failures),
    gauge(
        "voicegate_reload_success_timestamp_seconds",
        "When what is in force was read, in seconds since the epoch.",
        &of_process::in_force_since),
    gauge(
        "voicegate_token_keys_end_timestamp_seconds",
        "When the last key that seals tokens ends, in seconds since the epoch; 0: never.",
        &of_process::token_keys_end),
    gauge(
        "voicegate_memory_budget_bytes",
        "Resident memory of which 95 % make requests be refused.",
        &of_process::memory_budget),
    gauge(
        "voicegate_memory_pressure",
        "0: none, 1: new requests are refused, 2: connections are not accepted either.",
        &of_process::memory_pressure),
};

} // namespace gateway::watch
