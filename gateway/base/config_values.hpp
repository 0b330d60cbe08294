#pragma once
#include "gateway/base/config.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace gateway {

/// Texts of the configuration that have a form of their own. Each throws `config_error` with `path` and the
/// remedy.

/// `0.0.0.0:8443`, `[::]:8443`: an IP address and a port, never a name: where we listen must not depend on a
/// look-up.
[[nodiscard]] endpoint read_endpoint(std::string const& text, std::string const& path);

/// `10.0.0.7`, `10.0.0.0/8`, `2001:db8::/32`: an IP address or network, without bits beyond its length.
[[nodiscard]] ip_network read_network(std::string const& text, std::string const& path);

/// `https://host` or `https://host:port` into `out.host` and `out.port`. Nothing else: the upstream is always
/// HTTPS.
void read_upstream_url(std::string const& text, std::string const& path, upstream_config& out);

/// `https://host` or `https://host:port`, or `http` and this machine itself; as a browser writes it in
/// `Origin` (RFC 6454 §6.2): in lower case, without a default port.
[[nodiscard]] std::string read_origin(std::string_view text, std::string const& path);

/// `https://host[:port][/path][?query]`; `http://` only where nothing leaves this machine: `localhost` and
/// the loopback addresses.
[[nodiscard]] http_url read_http_url(std::string const& text, std::string const& path);

inline constexpr std::size_t passed_headers_max = 32;
/// The name of a field of the browser's that the app's backend may see as it came: no field that frames a
/// message, says who asks, holds a token of ours, or is written by the gateway itself.
[[nodiscard]] std::string read_passed_header(boost::json::value const& from, std::string const& path);

/// A pin (RFC 7469 §2.4) as `certs::read_pin` takes it.
[[nodiscard]] std::string read_pin_text(boost::json::value const& from, std::string const& path);

/// A cookie's name is an RFC 6265 §4.1.1 token.
void check_cookie_name(std::string const& name, std::string const& path);
/// A host name or IP address as TLS expects it.
void check_server_name(std::string const& name, std::string const& path);
/// A calendar date, `2026-03-01`.
void check_api_version(std::string const& version, std::string const& path);

[[nodiscard]] policy::grant read_grant(boost::json::value const& from, std::string const& path);
/// A list that names at least one grant.
[[nodiscard]] policy::grant_set read_grants(boost::json::value const& from, std::string const& path);
[[nodiscard]] policy::method read_method(boost::json::value const& from, std::string const& path);
[[nodiscard]] server_key_config read_server_key(boost::json::value const& from, std::string const& path);
[[nodiscard]] policy::added_route read_route(boost::json::value const& from, std::string const& path);

} // namespace gateway
