#include "gateway/base/config_values.hpp"

#include "certs/spki_pins.hpp"
#include "gateway/base/chars.hpp"
#include "gateway/base/field_name.hpp"
#include "gateway/base/object_reader.hpp"
#include "gateway/base/own_paths.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway {

namespace json = boost::json;

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

bool only(std::string_view text, std::string_view characters)
{
    return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_address(int family, std::string const& text)
{
    in6_addr room{};
    return inet_pton(family, text.c_str(), &room) == 1;
}

bool is_host_name(std::string_view text)
{
    return text.size() <= 253 && only(text, name_characters) && text.front() != '.' && text.front() != '-';
}

std::optional<std::uint16_t> read_u16(std::string_view text)
{
    std::uint16_t value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size() || !only(text, digits))
        return std::nullopt;
    return value;
}

struct authority {
    std::string host; ///< without brackets
    bool bracketed = false;
    std::optional<std::string_view> port;
};

std::optional<authority> split_authority(std::string_view text)
{
    if (text.starts_with('[')) {
        auto const close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        auto const rest = text.substr(close + 1);
        if (!rest.empty() && rest.front() != ':') return std::nullopt;
        auto const port = rest.empty() ? std::nullopt : std::optional(rest.substr(1));
        return authority{std::string(text.substr(1, close - 1)), true, port};
    }
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return authority{std::string(text), false, std::nullopt};
    return authority{std::string(text.substr(0, colon)), false, text.substr(colon + 1)};
}

/// In lower case; an IPv6 address in its canonical form (RFC 5952) and in brackets. Empty when it is no host.
std::string canonical_host(authority const& from)
{
    if (from.bracketed) {
        in6_addr address{};
        std::array<char, INET6_ADDRSTRLEN> text{};
        if (inet_pton(AF_INET6, from.host.c_str(), &address) != 1) return {};
        inet_ntop(AF_INET6, &address, text.data(), text.size());
        return std::string("[").append(text.data()).append("]");
    }
    if (from.host.empty() || !is_host_name(from.host)) return {};
    auto out = from.host;
    std::ranges::transform(out, out.begin(), chars::lower);
    return out;
}

bool is_this_machine(std::string_view host)
{
    return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]";
}

/// `host` or `host:port` of an URL. Throws `config_error` with `path`.
std::pair<std::string, std::optional<std::uint16_t>>
read_url_authority(std::string_view text, std::string const& path)
{
    auto const parts = split_authority(text);
    auto const host_is_good =
        parts && !parts->host.empty() &&
        (parts->bracketed ? is_address(AF_INET6, parts->host) : is_host_name(parts->host));
    if (!host_is_good) throw config_error(path, "has no host name or IP address behind ://");
    if (!parts->port) return {parts->host, std::nullopt};
    auto const port = read_u16(*parts->port);
    if (!port || *port == 0) throw config_error(path, "has a port that is no number from 1 to 65535");
    return {parts->host, port};
}

bool may_be_passed(std::string const& name)
{
    using namespace std::string_view_literals;
    constexpr std::array ours{"accept"sv, "accept-encoding"sv, "range"sv}; // for plain JSON, and all of it
    auto const known = read_field_name(name);
    auto const harmless =
        known == field_name::other || known == field_name::user_agent || known == field_name::authorization;
    auto const about_body = name.starts_with("content-") || name.starts_with("if-");
    return harmless && !about_body && std::ranges::find(ours, name) == ours.end();
}

/// A handshake is a GET (RFC 6455 §4.1).
bool is_only_get(policy::method_set methods)
{
    using policy::method;
    constexpr std::array others{
        method::head, method::post, method::put, method::patch, method::del, method::options};
    return methods.has(method::get) && std::ranges::none_of(others, [&](auto m) { return methods.has(m); });
}

bool is_lower_hex(std::string_view text) { return only(text, "0123456789abcdef"); }

} // namespace

endpoint read_endpoint(std::string const& text, std::string const& path)
{
    constexpr auto remedy =
        "must be an IP address and a port: \"0.0.0.0:8443\", \"[::]:8443\", \"127.0.0.1:0\"";
    auto const parts = split_authority(text);
    auto const port = parts && parts->port ? read_u16(*parts->port) : std::nullopt;
    if (!port || !is_address(parts->bracketed ? AF_INET6 : AF_INET, parts->host))
        throw config_error(path, remedy);
    return {parts->host, *port};
}

ip_network read_network(std::string const& text, std::string const& path)
{
    constexpr unsigned whole = 128;
    auto const slash = std::min(text.find('/'), text.size());
    auto const first = read_ip_address(std::string_view(text).substr(0, slash));
    if (!first)
        throw config_error(
            path, R"(must be an IP address or network: "10.0.0.7", "10.0.0.0/8", "2001:db8::/32")");
    if (slash == text.size()) return {*first, whole};
    auto const length = read_u16(std::string_view(text).substr(slash + 1));
    auto const longest = text.find(':') == std::string::npos ? 32U : whole;
    if (!length || *length > longest)
        throw config_error(path, "has a length that is no number from 1 to " + std::to_string(longest));
    ip_network const out(*first, *length + whole - longest);
    if (!(out.first() == *first))
        throw config_error(path, "has bits beyond its length; the network is " + out.text());
    if (out.bits() == 0) throw config_error(path, "has every address; name those of the proxies alone");
    return out;
}

void read_upstream_url(std::string const& text, std::string const& path, upstream_config& out)
{
    constexpr std::string_view scheme = "https://";
    if (!text.starts_with(scheme))
        throw config_error(path, "must begin with https://; the upstream is never asked in clear");
    auto const rest = std::string_view(text).substr(scheme.size());
    if (rest.find_first_of("/?#@") != std::string_view::npos)
        throw config_error(
            path, "must be https://host or https://host:port, without a path, a user or a query");
    auto const [host, port] = read_url_authority(rest, path);
    out.host = host;
    out.port = port.value_or(443);
}

http_url read_http_url(std::string const& text, std::string const& path)
{
    http_url out;
    out.tls = text.starts_with("https://");
    if (!out.tls && !text.starts_with("http://"))
        throw config_error(path, "must begin with https://, or for this machine itself with http://");
    auto const rest = std::string_view(text).substr(text.find("://") + 3);
    auto const is_plain = [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '@'; };
    if (!std::ranges::all_of(rest, is_plain))
        throw config_error(path, "must have no user, no fragment, and no byte that needs encoding");
    auto const end = std::min(rest.find_first_of("/?"), rest.size());
    auto const [host, port] = read_url_authority(rest.substr(0, end), path);
    if (!out.tls && !is_this_machine(host))
        throw config_error(
            path,
            "must begin with https://: in clear only this machine is asked (localhost, 127.0.0.1, [::1])");
    out.host = host;
    out.port = port.value_or(out.tls ? 443 : 80);
    out.target = rest.substr(end);
    if (!out.target.starts_with('/')) out.target.insert(0, "/");
    return out;
}

std::string read_passed_header(json::value const& from, std::string const& path)
{
    auto name = object_reader::read_text(from, path, 64);
    std::ranges::transform(name, name.begin(), chars::lower);
    if (!only(name, "abcdefghijklmnopqrstuvwxyz0123456789-"))
        throw config_error(path, "must be a header's name: letters, digits and -");
    if (!may_be_passed(name))
        throw config_error(
            path,
            "cannot be passed on: it frames the message, says who asks, may hold the gateway's token, or is "
            "the gateway's own");
    return name;
}

std::string read_origin(std::string_view text, std::string const& path)
{
    constexpr auto remedy =
        R"(must be an exact origin such as "https://app.example.com" or "https://app.example.com:8443")";
    constexpr std::string_view secure = "https://";
    constexpr std::string_view clear = "http://";
    auto const scheme = text.starts_with(secure) ? secure : clear;
    if (!text.starts_with(scheme)) throw config_error(path, remedy);
    auto const parts = split_authority(text.substr(scheme.size()));
    auto const host = parts ? canonical_host(*parts) : std::string{};
    if (host.empty()) throw config_error(path, remedy);
    if (scheme == clear && !is_this_machine(host))
        throw config_error(
            path, "must begin with https://; http is for localhost, 127.0.0.1 and [::1] alone");
    auto out = std::string(scheme) + host;
    if (!parts->port) return out;
    auto const port = read_u16(*parts->port);
    if (!port || *port == 0) throw config_error(path, "has a port that is no number from 1 to 65535");
    auto const is_default = *port == (scheme == secure ? 443 : 80);
    return is_default ? out : out + ":" + std::to_string(*port);
}

std::string read_pin_text(json::value const& from, std::string const& path)
{
    auto text = object_reader::read_text(from, path, 64);
    if (!certs::read_pin(text))
        throw config_error(path, "must be base64 of the SHA-256 of a public key in DER: 44 characters");
    return text;
}

void check_cookie_name(std::string const& name, std::string const& path)
{
    constexpr std::string_view more = "!#$%&'*+^`|~";
    if (!only(name, std::string(name_characters).append(more)))
        throw config_error(path, "must be letters, digits and !#$%&'*+-.^_`|~ (RFC 6265)");
}

void check_server_name(std::string const& name, std::string const& path)
{
    if (!is_host_name(name) && !is_address(AF_INET6, name))
        throw config_error(path, "must be a host name or an IP address");
}

void check_api_version(std::string const& version, std::string const& path)
{
    auto const good = version.size() == 10 && version[4] == '-' && version[7] == '-' &&
                      only(version, "0123456789-") && std::ranges::count(version, '-') == 2;
    if (!good) throw config_error(path, "must be a date, as in \"2026-03-01\"");
}

policy::grant read_grant(json::value const& from, std::string const& path)
{
    using policy::grant;
    return object_reader::read_choice<grant>(
        from,
        path,
        {
            {"tts",   grant::tts  },
            {"stt",   grant::stt  },
            {"agent", grant::agent}
    });
}

policy::grant_set read_grants(json::value const& from, std::string const& path)
{
    policy::grant_set out;
    object_reader::read_each(
        from, path, [&](auto const& value, auto const& where) { out.add(read_grant(value, where)); });
    if (out.empty()) throw config_error(path, "is empty; name at least one of \"tts\", \"stt\", \"agent\"");
    return out;
}

policy::method read_method(json::value const& from, std::string const& path)
{
    using policy::method;
    return object_reader::read_choice<method>(
        from,
        path,
        {
            {"GET",     method::get    },
            {"HEAD",    method::head   },
            {"POST",    method::post   },
            {"PUT",     method::put    },
            {"PATCH",   method::patch  },
            {"DELETE",  method::del    },
            {"OPTIONS", method::options},
    });
}

server_key_config read_server_key(json::value const& from, std::string const& path)
{
    server_key_config out;
    object_reader::read_object(from, path, [&](object_reader& in) {
        in.text("name", out.name, 64);
        in.text("sha256", out.sha256, 64);
        if (auto const* grants = in.find("grants")) out.grants = read_grants(*grants, in.path_of("grants"));
        in.duration("lifetime_max", out.lifetime_max, seconds{1}, std::chrono::hours{24});
        in.text("subject_prefix", out.subject_prefix, policy::subject_bytes_max);
        if (out.name.empty() || !only(out.name, name_characters))
            in.refuse("name", "must be given: letters, digits, - . _; it stands in the access log");
        if (out.sha256.size() != 64 || !is_lower_hex(out.sha256))
            in.refuse(
                "sha256",
                "must be 64 lower-case hexadecimal digits; `voicegate keygen server NAME` makes them");
    });
    return out;
}

policy::added_route read_route(json::value const& from, std::string const& path)
{
    policy::added_route out;
    object_reader::read_object(from, path, [&](object_reader& in) {
        in.text("path", out.path);
        in.each("methods", [&](auto const& value, auto const& where) {
            out.methods.add(read_method(value, where));
        });
        in.choice(
            "transport",
            out.over,
            {
                {"http",      policy::transport::http     },
                {"websocket", policy::transport::websocket}
        });
        if (auto const* needs = in.find("grant"))
            out.needs = read_grant(*needs, in.path_of("grant"));
        else
            in.refuse("grant", "must be given: \"tts\", \"stt\" or \"agent\"");
        if (out.path.empty()) in.refuse("path", "must be given");
        if (auto const flaw = policy::flaw_in_path_template(out.path)) in.refuse("path", *flaw);
        if (out.path == access_token_path || out.path == session_path)
            in.refuse("path", "is answered by the gateway itself");
        if (out.methods.empty()) in.refuse("methods", "must name at least one method");
        if (out.over == policy::transport::websocket && !is_only_get(out.methods))
            in.refuse("methods", "must be [\"GET\"] for a WebSocket");
    });
    return out;
}

} // namespace gateway
