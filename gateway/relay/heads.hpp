#pragma once
#include "gateway/base/config.hpp"
#include "gateway/wire/head.hpp"
#include "policy/judge.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace gateway::relay {

/// What the gateway puts into a request that goes upstream.
struct outgoing_request {
    std::string_view host;   ///< the upstream's own
    std::string_view bearer; ///< the one credential that goes up
    std::string_view request_id;
    std::string_view client;        ///< the peer's address
    std::size_t incoming_bytes = 0; ///< the client's head, and what came with it and will follow
};

/// One field line, appended to `out`.
void append_field(std::string& out, std::string_view name, std::string_view value);
/// The client's field may go upstream as it is.
[[nodiscard]] bool passes_upstream(wire::field_list const& fields, wire::field const& f) noexcept;
/// The request line as it goes upstream, and `Host`.
void append_request_start(
    std::string& out, policy::admission const& permit, wire::request_head const& head, std::string_view host);

/// The request head as it goes upstream: method and target as judged, the fields that may pass in their
/// order, framing written anew from what was read, one credential. It takes the permit: there is no way to
/// write one without.
[[nodiscard]] std::string write_request_head(
    policy::admission const& permit, wire::request_head const& head, outgoing_request const& with);

/// The credential in a head that `write_request_head` wrote.
[[nodiscard]] std::string_view credential_in(std::string_view request) noexcept;

/// How a response's body goes to the client.
enum class client_framing : std::uint8_t { none, length, chunked, until_close };

struct outgoing_response {
    client_framing body = client_framing::none;
    bool keep_alive = true;
    bool http_1_0 = false;       ///< the client speaks HTTP/1.0
    std::string_view request_id; ///< set unless the upstream's own passes
    std::chrono::seconds hsts_max_age{0};
    std::string_view set_cookie;   ///< one more Set-Cookie value, of the gateway's own; empty: none
    std::string_view cross_origin; ///< field lines for a page of another origin (base/cross_origin.hpp)
};

/// The response head as it goes to the client, appended to `out`.
void append_response_head(std::string& out, wire::response_head const& head, outgoing_response const& with);
/// An informational response (RFC 9110 §15.2), appended to `out`.
void append_informational(std::string& out, wire::response_head const& head);
/// The upstream's 101 (RFC 6455 §4.2.2), appended to `out`: its own fields pass (contract §12).
void append_switching(
    std::string& out,
    wire::response_head const& head,
    std::string_view request_id,
    std::chrono::seconds hsts_max_age);
/// The same for a socket that was opened before the client came: with `accept` for its key, and neither the
/// request id nor the date of then.
void append_handed_over(
    std::string& out,
    wire::response_head const& head,
    std::string_view accept,
    std::string_view request_id,
    std::chrono::seconds hsts_max_age);

} // namespace gateway::relay
