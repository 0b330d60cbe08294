#include "gateway/wire/head_fields.hpp"
#include "gateway/wire/head_lines.hpp"

namespace gateway::wire {
namespace {

using detail::flawed;
using detail::more;
using detail::reading;

/// Three digits from 100 to 599; there is no other class of status (RFC 9110 §15).
reading read_status(std::string_view text, std::size_t& at, unsigned& status) noexcept
{
    unsigned value = 0;
    for (int i = 0; i < 3; ++i, ++at) {
        if (at == text.size()) return more;
        char const c = text[at];
        if (!chars::is(chars::kind::digit, c) || (i == 0 && (c < '1' || c > '5')))
            return flawed(head_flaw::status_line);
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    status = value;
    return detail::done;
}

/// `version SP status SP reason CRLF` (RFC 9112 §4). The SP before an empty reason may be missing: many
/// servers leave it out, and nothing can be read into that.
reading read_status_line(std::string_view text, std::size_t& at, response_head& out) noexcept
{
    std::size_t end = 0;
    auto got = detail::read_version(text, end, head_flaw::status_line, out.minor_version);
    if (got.state != detail::read::done) return got;
    if (end == text.size()) return more;
    if (text[end] != ' ') return flawed(head_flaw::status_line);
    ++end;
    got = read_status(text, end, out.status);
    if (got.state != detail::read::done) return got;
    out.reason = {};
    if (end < text.size() && text[end] == ' ') {
        auto const begin = end + 1;
        end = chars::find_value_end(text, begin);
        out.reason = text.substr(begin, end - begin);
    }
    got = detail::read_line_end(text, end, head_flaw::status_line);
    if (got.state == detail::read::done) at = end;
    return got;
}

/// RFC 9112 §6.3, first two rules.
bool never_has_body(unsigned status, bool to_head_request) noexcept
{
    return to_head_request || status < 200 || status == 204 || status == 304;
}

std::optional<head_flaw> read_meaning(response_head& head, bool to_head_request) noexcept
{
    auto const body = detail::read_framing(head.fields, head.minor_version, framing::until_close);
    if (!body) return head_flaw::framing;
    head.body = never_has_body(head.status, to_head_request) ? framing::none : body->how;
    head.content_length = body->content_length;
    auto const options = detail::read_connection(head.fields);
    if (!options) return head_flaw::field_line;
    head.keep_alive = head.minor_version == 1 && !options->close && head.body != framing::until_close;
    return std::nullopt;
}

} // namespace

head_result read_response_head(
    std::string_view bytes,
    head_limits const& limits,
    bool to_head_request,
    std::size_t& scanned,
    response_head& out) noexcept
{
    auto const start = [&](std::string_view text, std::size_t& at) {
        return read_status_line(text, at, out);
    };
    auto const result = detail::read_lines(bytes, limits, scanned, out.fields, start);
    if (result.state != head_state::complete) return result;
    if (auto const flaw = read_meaning(out, to_head_request)) return {head_state::flawed, *flaw, 0};
    return result;
}

} // namespace gateway::wire
