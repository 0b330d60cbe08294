#include "gateway/wire/head_lines.hpp"

#include "gateway/base/chars.hpp"

namespace gateway::wire::detail {
namespace {

enum class line : std::uint8_t { whole, empty, open, flawed };

/// One field line, or the empty line that ends the head. A line that begins with SP or HTAB (obs-fold, RFC
/// 9112 §5.2) and a space before the colon (§5.1) are flaws because neither is a token character.
line read_line(std::string_view text, std::size_t& at, field& out) noexcept
{
    if (at == text.size()) return line::open;
    bool const last = text[at] == '\r';
    auto end = at;
    if (!last) {
        auto const colon = chars::skip(chars::kind::token, text, at);
        if (colon == text.size()) return line::open;
        if (colon == at || text[colon] != ':') return line::flawed;
        end = chars::find_value_end(text, colon + 1);
        out.name = text.substr(at, colon - at);
        out.value = text.substr(colon + 1, end - colon - 1);
    }
    auto const got = read_line_end(text, end, head_flaw::field_line);
    if (got.state == read::more) return line::open;
    if (got.state == read::flawed) return line::flawed;
    at = end;
    return last ? line::empty : line::whole;
}

} // namespace

reading read_line_end(std::string_view text, std::size_t& at, head_flaw otherwise) noexcept
{
    for (char const c : {'\r', '\n'}) {
        if (at == text.size()) return more;
        if (text[at] != c) return flawed(otherwise);
        ++at;
    }
    return done;
}

reading read_version(std::string_view text, std::size_t& at, head_flaw otherwise, unsigned& minor) noexcept
{
    constexpr std::string_view pattern = "HTTP/1.1";
    constexpr std::size_t major_at = 5;
    constexpr std::size_t minor_at = 7;
    auto const here = text.substr(at, pattern.size());
    for (std::size_t i = 0; i < here.size(); ++i) {
        if (here[i] == pattern[i] || (i == minor_at && here[i] == '0')) continue;
        bool const other_version = (i == major_at || i == minor_at) && chars::is(chars::kind::digit, here[i]);
        return flawed(other_version ? head_flaw::version : otherwise);
    }
    if (here.size() < pattern.size()) return more;
    minor = here[minor_at] == '1' ? 1 : 0;
    at += pattern.size();
    return done;
}

reading
read_field_lines(std::string_view text, std::size_t& at, std::size_t fields_max, field_list& out) noexcept
{
    out.clear();
    for (field f;;) {
        switch (read_line(text, at, f)) {
        case line::open:
            return more;
        case line::flawed:
            return flawed(head_flaw::field_line);
        case line::empty:
            return done;
        case line::whole:
            break;
        }
        if (out.all().size() >= fields_max) return flawed(head_flaw::too_many_fields);
        f.value = chars::trim(f.value);
        f.known = read_field_name(f.name);
        if (!out.push(f)) return flawed(head_flaw::too_many_fields);
    }
}

bool line_still_open(std::string_view text, std::size_t scanned) noexcept
{
    if (scanned == 0 || scanned > text.size()) return false;
    field ignored;
    return read_line(text, scanned, ignored) == line::open;
}

} // namespace gateway::wire::detail
