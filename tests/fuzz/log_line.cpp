#include "gateway/watch/access_log.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace fuzz {
namespace {

bool has_control(std::string const& text)
{
    auto const is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
    if (std::ranges::any_of(text, is_control)) return true;
    for (std::size_t at = text.find('\xc2'); at != std::string::npos; at = text.find('\xc2', at + 1)) // C1
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0) return true;
    return false;
}

/// One line, one JSON object, and nothing that steers a terminal.
void check(std::string const& line)
{
    promise(!line.empty() && line.find('\n') == line.size() - 1, "a record is one line");
    auto const text = line.substr(0, line.size() - 1);
    promise(!has_control(text), "no control character stands in a line");
    boost::json::error_code ec;
    promise(boost::json::parse(text, ec).is_object() && !ec, "a line is one JSON object");
}

} // namespace

/// The bytes are cut into the texts of a record, in lengths that the first byte names.
void log_line(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const size = static_cast<unsigned char>(bytes[0]) % 40U + 1;
    auto rest = bytes.substr(1);
    auto const next = [&] {
        auto const text = rest.substr(0, size);
        rest.remove_prefix(text.size());
        return text;
    };

    gateway::watch::access_record record;
    for (auto* text :
         {&record.subject,
          &record.path,
          &record.token_id,
          &record.method,
          &record.client,
          &record.reason,
          &record.request_id,
          &record.route,
          &record.closed_by})
        *text = next();
    std::string line;
    append_line(line, record);
    check(line);

    gateway::watch::revocation_record revoked;
    revoked.id = record.subject;
    revoked.client = record.path;
    revoked.reason = record.token_id;
    line.clear();
    append_line(line, revoked);
    check(line);
}

} // namespace fuzz
