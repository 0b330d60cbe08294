#include "gateway/relay/heads.hpp"

#include "gateway/base/headers.hpp"
#include "gateway/base/reply.hpp"

#include <array>
#include <charconv>

namespace gateway::relay {

namespace {

// With the end of the line before it: a client's value may say the same words, but has no line end in it.
constexpr std::string_view credential_line = "\r\nAuthorization: Bearer ";
constexpr auto credential_start = credential_line.substr(2);

constexpr std::string_view via = "Via: 1.1 voicegate\r\n";

void append_number(std::string& out, std::uint64_t number)
{
    std::array<char, 20> digits; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

bool passes(wire::field_list const& fields, wire::field const& f, passage rule) noexcept
{
    return rule == passage::pass && !(fields.has_connection() && fields.named_in_connection(f.name));
}

void append_request_framing(std::string& out, wire::request_head const& head)
{
    if (head.body == wire::framing::chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    } else if (head.body == wire::framing::length) {
        out.append("Content-Length: ");
        append_number(out, head.content_length);
        out.append("\r\n");
    }
    if (head.expects_continue) out.append("Expect: 100-continue\r\n");
    if (head.websocket) out.append("Connection: Upgrade\r\nUpgrade: websocket\r\n");
}

void append_status_line(std::string& out, wire::response_head const& head)
{
    out.append("HTTP/1.1 ");
    append_number(out, head.status);
    out.append(" ").append(head.reason.empty() ? reason_phrase(head.status) : head.reason).append("\r\n");
}

/// The answer to a HEAD, and a 304, tell the length of a body that does not come (RFC 9110 §8.6).
bool announces_length(wire::response_head const& head, outgoing_response const& with) noexcept
{
    return with.body == client_framing::none && head.status != 204;
}

/// True when the upstream's own request id is among the fields that passed.
bool append_response_fields(std::string& out, wire::field_list const& fields)
{
    auto has_request_id = false;
    for (auto const& f : fields.all()) {
        if (!passes(fields, f, response_passage(f.known))) continue;
        has_request_id = has_request_id || f.known == field_name::x_request_id;
        append_field(out, f.name, f.value);
    }
    return has_request_id;
}

/// What is true of the moment and the request in which a held socket was opened, and not of the client's.
bool belongs_to_the_opening(field_name name) noexcept
{
    return name == field_name::sec_websocket_accept || name == field_name::x_request_id ||
           name == field_name::date;
}

void append_own_fields(
    std::string& out, bool has_request_id, std::string_view request_id, std::chrono::seconds hsts_max_age)
{
    out.append(via);
    if (!has_request_id) append_field(out, "X-Request-Id", request_id);
    if (hsts_max_age.count() > 0) {
        out.append("Strict-Transport-Security: max-age=");
        append_number(out, static_cast<std::uint64_t>(hsts_max_age.count()));
        out.append("\r\n");
    }
}

} // namespace

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

bool passes_upstream(wire::field_list const& fields, wire::field const& f) noexcept
{
    return passes(fields, f, request_passage(f.known));
}

void append_request_start(
    std::string& out, policy::admission const& permit, wire::request_head const& head, std::string_view host)
{
    out.append(head.method).append(" ");
    policy::append_without_credentials(out, permit.where_to());
    out.append(" HTTP/1.1\r\n");
    append_field(out, "Host", host);
}

std::string_view credential_in(std::string_view request) noexcept
{
    auto const at = request.find(credential_line);
    if (at == std::string_view::npos) return {};
    auto const rest = request.substr(at + credential_line.size());
    return rest.substr(0, rest.find('\r'));
}

std::string write_request_head(
    policy::admission const& permit, wire::request_head const& head, outgoing_request const& with)
{
    std::string out;
    out.reserve(1024 + with.incoming_bytes + with.bearer.size()); // no copy of a credential is left behind
    append_request_start(out, permit, head, with.host);
    for (auto const& f : head.fields.all())
        if (passes_upstream(head.fields, f)) append_field(out, f.name, f.value);
    append_request_framing(out, head);
    out.append(credential_start).append(with.bearer).append("\r\n");
    append_field(out, "X-Request-Id", with.request_id);
    append_field(out, "X-Forwarded-For", with.client);
    out.append("X-Forwarded-Proto: https\r\n").append(via).append("\r\n");
    return out;
}

void append_response_head(std::string& out, wire::response_head const& head, outgoing_response const& with)
{
    append_status_line(out, head);
    auto const has_request_id = append_response_fields(out, head.fields);
    append_own_fields(out, has_request_id, with.request_id, with.hsts_max_age);
    out.append(with.cross_origin); // a second Vary joins the upstream's (RFC 9110 §5.3)
    if (!with.set_cookie.empty()) append_field(out, "Set-Cookie", with.set_cookie);
    if (with.body == client_framing::chunked) out.append("Transfer-Encoding: chunked\r\n");
    if (with.body == client_framing::length) {
        out.append("Content-Length: ");
        append_number(out, head.content_length);
        out.append("\r\n");
    } else if (auto const* length = head.fields.find(field_name::content_length);
               length && announces_length(head, with)) {
        append_field(out, length->name, length->value);
    }
    if (!with.keep_alive) out.append("Connection: close\r\n");
    out.append("\r\n");
}

void append_informational(std::string& out, wire::response_head const& head)
{
    append_status_line(out, head);
    append_response_fields(out, head.fields);
    out.append("\r\n");
}

void append_switching(
    std::string& out,
    wire::response_head const& head,
    std::string_view request_id,
    std::chrono::seconds hsts_max_age)
{
    append_status_line(out, head);
    out.append("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    auto const has_request_id = append_response_fields(out, head.fields);
    append_own_fields(out, has_request_id, request_id, hsts_max_age);
    out.append("\r\n");
}

void append_handed_over(
    std::string& out,
    wire::response_head const& head,
    std::string_view accept,
    std::string_view request_id,
    std::chrono::seconds hsts_max_age)
{
    append_status_line(out, head);
    out.append("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    append_field(out, "Sec-WebSocket-Accept", accept);
    for (auto const& f : head.fields.all())
        if (passes(head.fields, f, response_passage(f.known)) && !belongs_to_the_opening(f.known))
            append_field(out, f.name, f.value);
    append_own_fields(out, false, request_id, hsts_max_age);
    out.append("\r\n");
}

} // namespace gateway::relay
