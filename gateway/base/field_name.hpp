#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway {

/// The HTTP field names that the gateway acts on; every other one is `other` and passes as it is.
/// The names and what happens to each stand in the table of `headers.cpp`.
enum class field_name : std::uint8_t {
    other,
    // framing and connection (RFC 9112, RFC 9110 §7.6.1)
    connection,
    content_length,
    expect,
    host,
    keep_alive,
    proxy_authenticate,
    proxy_authorization,
    proxy_connection,
    te,
    trailer,
    transfer_encoding,
    upgrade,
    // the WebSocket handshake (RFC 6455 §11.3)
    sec_websocket_accept,
    sec_websocket_extensions,
    sec_websocket_key,
    sec_websocket_protocol,
    sec_websocket_version,
    // credentials (RFC 6265, RFC 6750, contract §2)
    authorization,
    cookie,
    set_cookie,
    x_api_key,
    // who asks and by which way (RFC 7239); from clients these are claims, not facts
    forwarded,
    via,
    x_forwarded,
    x_real_ip,
    spoofable_identity,
    // which page asks, and what pages of other origins may read (Fetch §3.2, Fetch Metadata §2.4)
    access_control,
    origin,
    sec_fetch_site,
    // what the gateway reads or writes itself
    cartesia_version,
    content_type,
    date,
    server,
    strict_transport_security,
    user_agent,
    voicegate,
    voicegate_refresh,
    x_request_id,
};

inline constexpr std::size_t field_names = static_cast<std::size_t>(field_name::x_request_id) + 1;

/// The known name that `text` is, whatever its case. Every `X-Forwarded…` is `x_forwarded`, every
/// `Access-Control-…` is `access_control`.
/// `spoofable_identity` are the names by which proxies tell servers who a client is or what it asked for
/// (`X-Original-…`, `X-Auth…`, `X-HTTP-Method…`, `True-Client-IP`), and all with `_` or `.` in them: some
/// servers read these as twins with `-`.
[[nodiscard]] field_name read_field_name(std::string_view text) noexcept;

} // namespace gateway
