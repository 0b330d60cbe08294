#include "tests/simulator/multipart.hpp"

#include "tests/simulator/text.hpp"

namespace simulator {
namespace {

/// A parameter of a header value, quoted or bare: `name="file"`. `key` comes with its '='.
std::string parameter(std::string_view value, std::string_view key)
{
    for (std::size_t at = value.find(';'); at != std::string_view::npos; at = value.find(';', at)) {
        auto rest = trimmed(value.substr(++at));
        if (!lower(rest).starts_with(key)) continue;
        rest.remove_prefix(key.size());
        if (!rest.starts_with('"')) return std::string{trimmed(rest.substr(0, rest.find(';')))};
        rest.remove_prefix(1);
        return std::string{rest.substr(0, rest.find('"'))};
    }
    return {};
}

bool read_part_head(std::string_view head, form_part& part)
{
    while (!head.empty()) {
        auto const end = head.find("\r\n");
        auto const line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
        auto const colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        if (lower(line.substr(0, colon)) != "content-disposition") continue;
        part.name = parameter(line, "name=");
        part.file_name = parameter(line, "filename=");
    }
    return !part.name.empty();
}

} // namespace

std::optional<std::string> boundary_of(std::string_view content_type)
{
    if (!lower(content_type).starts_with("multipart/form-data")) return {};
    auto boundary = parameter(content_type, "boundary=");
    if (boundary.empty() || boundary.size() > 70) return {};
    return boundary;
}

std::optional<std::vector<form_part>>
read_form(std::string_view body, std::string_view boundary, bool cut_off)
{
    std::string const line = "--" + std::string{boundary};
    std::string const next = "\r\n" + line;
    std::vector<form_part> parts;
    if (!body.starts_with(line)) return {};
    std::size_t at = line.size();
    for (;;) {
        if (body.substr(at, 2) == "--") return parts;
        if (body.substr(at, 2) != "\r\n") break;
        at += 2;
        auto const blank = body.find("\r\n\r\n", at);
        if (blank == std::string_view::npos) break;
        form_part part;
        if (!read_part_head(body.substr(at, blank - at), part)) return {};
        at = blank + 4;
        auto const end = body.find(next, at);
        part.whole = end != std::string_view::npos;
        part.data = body.substr(at, part.whole ? end - at : std::string_view::npos);
        parts.push_back(std::move(part));
        if (!parts.back().whole) break;
        at = end + next.size();
    }
    if (!cut_off) return {};
    return parts;
}

} // namespace simulator
