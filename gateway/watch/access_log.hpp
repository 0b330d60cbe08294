#pragma once
#include "gateway/watch/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace gateway::watch {

/// One request or stream that ended. Redacted by construction: there is no member for a query, a header or a
/// body. Strings are views of what lives during the call to `append_line`.
struct access_record {
    std::chrono::system_clock::time_point at{}; ///< when its head had been read
    std::string_view request_id;
    std::string_view client;    ///< address without port
    std::string_view method;    ///< "" when the head was not readable
    std::string_view path;      ///< canonical path, or "" when it was refused as not canonical
    std::string_view route;     ///< the row's path template, or ""
    std::string_view transport; ///< "http" or "websocket"
    unsigned status = 0;
    bool granted = false;
    std::string_view reason;     ///< log name of the denial, fault or stream end; "" when all went well
    std::string_view token_kind; ///< "sealed", "cartesia", "jwt", ""
    std::string_view token_source;
    std::string_view subject;
    std::string_view token_id;  ///< jti: names a token, opens nothing
    std::uint64_t bytes_in = 0; ///< body or frame bytes from the client
    std::uint64_t bytes_out = 0;
    std::chrono::steady_clock::duration duration{};
    std::chrono::steady_clock::duration first_byte{}; ///< 0: none came
    unsigned close_code = 0;                          ///< WebSocket only
    std::string_view closed_by;                       ///< "client", "upstream", "gateway"
};

/// What an operator revoked. An id names a token, a session or a user, and opens nothing.
struct revocation_record {
    std::chrono::system_clock::time_point at{};
    std::string_view client; ///< address without port
    policy::revoked_by what{};
    std::string_view id;
    std::chrono::sys_seconds until{};
    bool block = false;      ///< also what is issued later
    std::string_view reason; ///< the operator's own words
};

/// Appends `record` as one JSON line; empty members are left out; control characters and quotes are escaped.
void append_line(std::string& out, access_record const& record);
void append_line(std::string& out, revocation_record const& record);

/// Writes log lines on a thread of its own, so that a slow disk or pipe never holds a worker up. At most
/// `queue_bytes` wait; more are dropped and counted in `process_metrics::log_lines_dropped`. The thread starts with
/// the first line, and so within what the process has been confined to by then.
class access_log {
public:
    /// `where`: `stdout`, `off` or a file (appended to, created with mode 0640). Throws `std::runtime_error`
    /// naming it.
    access_log(std::string const& where, std::size_t queue_bytes, process_metrics& metrics);
    ~access_log(); ///< writes what is queued
    access_log(access_log const&) = delete;
    access_log& operator=(access_log const&) = delete;

    /// Opens a file anew by its name: after this no line goes to one that was put aside (logrotate). Says why
    /// not; then the old one is written to as before. Nothing else but a file is changed by it. Thread-safe.
    [[nodiscard]] std::error_code reopen();
    /// Of the file; -1: none is written to.
    [[nodiscard]] int directory() const noexcept;

    [[nodiscard]] bool on() const noexcept;
    /// Takes whole lines. Thread-safe; `lines` counts them.
    void write(std::string&& text, std::size_t lines);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace gateway::watch
