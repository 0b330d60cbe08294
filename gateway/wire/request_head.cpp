#include "gateway/wire/head_fields.hpp"
#include "gateway/wire/head_lines.hpp"
#include "gateway/wire/host.hpp"

namespace gateway::wire {
namespace {

using detail::flawed;
using detail::more;
using detail::reading;

constexpr std::size_t method_bytes_max = 32;

/// `method SP target SP version CRLF`, each exactly once (RFC 9112 §3). What the target means is for policy
/// to say.
reading read_request_line(
    std::string_view text, std::size_t& at, std::size_t target_bytes_max, request_head& out) noexcept
{
    auto const method = text.substr(0, chars::skip(chars::kind::token, text.substr(0, method_bytes_max + 1)));
    if (method.size() > method_bytes_max) return flawed(head_flaw::request_line);
    if (method.size() == text.size()) return more;
    if (method.empty() || text[method.size()] != ' ') return flawed(head_flaw::request_line);

    auto const rest = text.substr(method.size() + 1);
    auto const target = rest.substr(0, chars::find_target_end(rest.substr(0, target_bytes_max + 1), 0));
    if (target.size() > target_bytes_max) return flawed(head_flaw::target_too_long);
    if (target.size() == rest.size()) return more;
    if (target.empty() || rest[target.size()] != ' ') return flawed(head_flaw::request_line);

    auto end = method.size() + 1 + target.size() + 1;
    auto got = detail::read_version(text, end, head_flaw::request_line, out.minor_version);
    if (got.state == detail::read::done) got = detail::read_line_end(text, end, head_flaw::request_line);
    if (got.state != detail::read::done) return got;
    out.method = method;
    out.target = target;
    at = end;
    return got;
}

/// 16 bytes in base64 (RFC 6455 §4.1) in its one canonical form: the four bits that are left over are 0.
bool is_websocket_key(std::string_view text) noexcept
{
    return text.size() == 24 && text.ends_with("==") && chars::all(chars::kind::base64, text.substr(0, 22)) &&
           std::string_view{"AQgw"}.find(text[21]) != std::string_view::npos;
}

/// A correct opening handshake (RFC 6455 §4.2.1). No body: what stands behind the head is frames, never a
/// request.
bool is_handshake(request_head const& head, bool connection_upgrade) noexcept
{
    auto const is_only = [&](field_name name, std::string_view word) {
        auto const value = head.fields.only(name);
        return value && chars::is_same_word(*value, word);
    };
    auto const key = head.fields.only(field_name::sec_websocket_key);
    return connection_upgrade && head.method == "GET" && head.minor_version == 1 &&
           is_only(field_name::upgrade, "websocket") && is_only(field_name::sec_websocket_version, "13") &&
           key && is_websocket_key(*key) && head.body != framing::chunked && head.content_length == 0;
}

std::optional<head_flaw> read_host(request_head& head) noexcept
{
    auto const host = head.fields.only(field_name::host);
    bool const may_lack = head.minor_version == 0 && head.fields.find(field_name::host) == nullptr;
    if (host ? !is_host_and_port(*host) : !may_lack) return head_flaw::host;
    head.host = host.value_or(std::string_view{});
    return std::nullopt;
}

/// Any offer of another protocol than WebSocket is refused, not ignored: h2c would open a way past the
/// gateway, and what looks like a handshake to the upstream only would turn the connection into a tunnel on
/// one side.
std::optional<head_flaw> read_upgrade(request_head& head, bool connection_upgrade) noexcept
{
    bool const offered = head.fields.find(field_name::upgrade) != nullptr ||
                         head.fields.find(field_name::sec_websocket_key) != nullptr;
    if (!offered) return std::nullopt;
    if (!is_handshake(head, connection_upgrade)) return head_flaw::upgrade;
    head.websocket = true;
    head.websocket_key = head.fields.find(field_name::sec_websocket_key)->value;
    return std::nullopt;
}

/// RFC 9110 §10.1.1: 100-continue is the only expectation there is; from an HTTP/1.0 client it is ignored.
std::optional<head_flaw> read_expectation(request_head& head) noexcept
{
    if (head.minor_version == 0 || head.fields.find(field_name::expect) == nullptr) return std::nullopt;
    auto const value = head.fields.only(field_name::expect);
    if (!value || !chars::is_same_word(*value, "100-continue")) return head_flaw::expectation;
    head.expects_continue = head.body == framing::chunked || head.content_length != 0;
    return std::nullopt;
}

std::optional<head_flaw> read_meaning(request_head& head) noexcept
{
    if (auto const flaw = read_host(head)) return flaw;
    auto const body = detail::read_framing(head.fields, head.minor_version, framing::none);
    if (!body) return head_flaw::framing;
    head.body = body->how;
    head.content_length = body->content_length;
    auto const options = detail::read_connection(head.fields);
    if (!options) return head_flaw::field_line;
    head.keep_alive = head.minor_version == 1 && !options->close;
    if (auto const flaw = read_upgrade(head, options->upgrade)) return flaw;
    return read_expectation(head);
}

} // namespace

head_result read_request_head(
    std::string_view bytes, head_limits const& limits, std::size_t& scanned, request_head& out) noexcept
{
    auto const start = [&](std::string_view text, std::size_t& at) {
        return read_request_line(text, at, limits.target_bytes_max, out);
    };
    auto const result = detail::read_lines(bytes, limits, scanned, out.fields, start);
    if (result.state != head_state::complete) return result;
    out.websocket = false;
    out.websocket_key = {};
    out.expects_continue = false;
    if (auto const flaw = read_meaning(out)) return {head_state::flawed, *flaw, 0};
    return result;
}

} // namespace gateway::wire
