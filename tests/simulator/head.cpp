#include "tests/simulator/head.hpp"

#include "tests/simulator/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>

namespace simulator {
namespace {

namespace http = boost::beast::http;

/// Name and value of each header line, as the bytes stand. Nothing when a line is folded.
std::optional<header_list> split_lines(std::string_view raw)
{
    header_list lines;
    auto rest = raw.substr(raw.find("\r\n") + 2);
    while (!rest.starts_with("\r\n")) {
        auto const end = rest.find("\r\n");
        auto const line = rest.substr(0, end);
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || line.starts_with(' ') || line.starts_with('\t')) return {};
        lines.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
        rest.remove_prefix(end + 2);
    }
    return lines;
}

auto count(header_list const& headers, std::string_view name)
{
    return std::ranges::count_if(headers, [&](auto const& h) { return same(h.first, name); });
}

} // namespace

std::string_view request_head::path() const { return std::string_view{target}.substr(0, target.find('?')); }

std::optional<std::string_view> request_head::find(std::string_view name) const
{
    for (auto const& [key, value] : headers)
        if (same(key, name)) return value;
    return {};
}

std::string_view request_head::get(std::string_view name) const
{
    return find(name).value_or(std::string_view{});
}

std::optional<request_head> read_head(std::string raw)
{
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head_bytes_max));
    parser.body_limit(boost::none);
    boost::beast::error_code ec;
    parser.put(boost::asio::buffer(raw), ec);
    if ((ec && ec != http::error::need_more) || !parser.is_header_done()) return {};

    auto headers = split_lines(raw);
    if (!headers) return {};
    auto const& request = parser.get();
    bool const modern = request.version() == 11;
    if (count(*headers, "host") > 1 || (modern && count(*headers, "host") != 1)) return {};
    bool const both = count(*headers, "content-length") != 0 && count(*headers, "transfer-encoding") != 0;
    if (both || count(*headers, "content-length") > 1) return {};

    request_head head;
    head.method = request.method_string();
    head.target = request.target();
    head.protocol = modern ? "HTTP/1.1" : "HTTP/1.0";
    head.chunked = parser.chunked();
    if (auto const length = parser.content_length()) head.content_length = *length;
    head.keep_alive = parser.keep_alive();
    head.headers = std::move(*headers);
    head.upgrade = parser.upgrade() && same(head.get("upgrade"), "websocket");
    head.raw = std::move(raw);
    return head;
}

} // namespace simulator
