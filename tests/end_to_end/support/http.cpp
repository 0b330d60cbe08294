#include "tests/end_to_end/support/http.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace e2e {

namespace {

bool same(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

bool contains(fields const& all, std::string_view name)
{
    return std::ranges::any_of(all, [&](field const& f) { return same(f.name, name); });
}

std::uint64_t number(std::string_view text, int base)
{
    std::uint64_t out = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    if (error != std::errc{} || end != text.data() + text.size())
        throw malformed_answer("no number: " + std::string(text));
    return out;
}

answer parse_head(std::string_view text)
{
    answer out;
    out.head = text;
    auto line_end = text.find("\r\n");
    auto const status_line = text.substr(0, line_end);
    if (!status_line.starts_with("HTTP/1.1 ") || status_line.size() < 13 || status_line[12] != ' ')
        throw malformed_answer("no status line: " + std::string(status_line));
    out.status = static_cast<unsigned>(number(status_line.substr(9, 3), 10));
    out.reason = status_line.substr(13);
    for (auto at = line_end + 2; at < text.size() - 2; at = line_end + 2) {
        line_end = text.find("\r\n", at);
        auto const line = text.substr(at, line_end - at);
        auto const colon = line.find(": ");
        if (colon == std::string_view::npos || line.find('\n') != std::string_view::npos)
            throw malformed_answer("no field: " + std::string(line));
        out.all.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
    }
    return out;
}

void find_framing(answer& of, bool to_head_request)
{
    using enum answer::framing;
    if (of.count("content-length") > 1 || (of.has("content-length") && of.has("transfer-encoding")))
        throw malformed_answer("contradicting framing:\n" + of.head);
    of.whole = to_head_request || of.status == 204 || of.status == 304 || of.status == 101;
    if (of.whole) return;
    of.body_is = until_close;
    if (same(of.value("transfer-encoding"), "chunked")) of.body_is = chunked;
    if (!of.has("content-length")) return;
    of.body_is = length;
    of.left = number(of.value("content-length"), 10);
    of.whole = of.left == 0;
}

void take(client& from, answer& into)
{
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(into.left, from.inbox.size()));
    into.body.append(from.inbox, 0, size);
    from.inbox.erase(0, size);
    into.left -= size;
}

/// Decodes what is in the inbox, as far as it goes.
void take_chunks(client& from, answer& into)
{
    while (!into.whole) {
        if (into.left > 0) take(from, into);
        if (into.left > 0) return;
        if (into.in_chunk) {
            if (from.inbox.size() < 2) return;
            if (!from.inbox.starts_with("\r\n")) throw malformed_answer("a chunk without its end");
            from.inbox.erase(0, 2);
            into.in_chunk = false;
        }
        auto const end = from.inbox.find("\r\n");
        if (end == std::string::npos) return;
        auto const size = number(std::string_view(from.inbox).substr(0, end), 16);
        if (size == 0) {
            if (from.inbox.size() < end + 4) return;
            if (from.inbox.compare(end, 4, "\r\n\r\n") != 0)
                throw malformed_answer("trailers, which nobody asked for");
            from.inbox.erase(0, end + 4);
            into.whole = true;
            return;
        }
        from.inbox.erase(0, end + 2);
        into.left = size;
        into.in_chunk = true;
    }
}

void consume(client& from, answer& into)
{
    using enum answer::framing;
    if (into.body_is == chunked) {
        take_chunks(from, into);
    } else if (into.body_is == length) {
        take(from, into);
        into.whole = into.left == 0;
    } else {
        into.body.append(std::exchange(from.inbox, {}));
        into.whole = from.how_ended() == ending::clean;
    }
}

} // namespace

std::string
request(std::string_view method, std::string_view target, fields const& more, std::string_view body)
{
    std::string out;
    out.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    if (!contains(more, "host")) out.append("Host: localhost\r\n");
    for (auto const& f : more)
        out.append(f.name).append(": ").append(f.value).append("\r\n");
    auto const acts_on_cookie = contains(more, "cookie") && method != "GET" && method != "HEAD";
    if (acts_on_cookie && !contains(more, "origin") && !contains(more, "sec-fetch-site"))
        out.append("X-Voicegate: 1\r\n");
    auto const framed = contains(more, "content-length") || contains(more, "transfer-encoding");
    if (!framed && (method == "POST" || !body.empty()))
        out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return out.append("\r\n").append(body);
}

field bearer(std::string_view token) { return {"Authorization", "Bearer " + std::string(token)}; }

field cookie(std::string_view token) { return {"Cookie", "__Host-cartesia_token=" + std::string(token)}; }

std::string chunk(std::string_view payload)
{
    char digits[16];
    auto const end = std::to_chars(digits, digits + sizeof digits, payload.size(), 16).ptr;
    return std::string(digits, end).append("\r\n").append(payload).append("\r\n");
}

std::string answer::value(std::string_view name) const
{
    auto const found = std::ranges::find_if(all, [&](field const& f) { return same(f.name, name); });
    return found == all.end() ? std::string{} : found->value;
}

std::size_t answer::count(std::string_view name) const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](field const& f) { return same(f.name, name); }));
}

answer read_head(client& from, bool to_head_request)
{
    std::vector<std::string> informational;
    for (;;) {
        auto end = from.inbox.find("\r\n\r\n");
        for (; end == std::string::npos; end = from.inbox.find("\r\n\r\n"))
            if (!from.receive())
                throw malformed_answer("the stream ended before an answer; it had: " + from.inbox);
        auto const head = from.inbox.substr(0, end + 4);
        from.inbox.erase(0, end + 4);
        auto out = parse_head(head);
        if (out.status >= 100 && out.status < 200 && out.status != 101) {
            informational.push_back(head);
            continue;
        }
        out.informational = std::move(informational);
        find_framing(out, to_head_request);
        return out;
    }
}

bool read_more(client& from, answer& into)
{
    auto const before = into.body.size();
    for (;;) {
        if (into.whole) return false;
        consume(from, into);
        if (into.whole || into.body.size() != before) return true;
        if (from.receive()) continue;
        consume(from, into);
        return false;
    }
}

bool read_until(client& from, answer& into, std::string_view part)
{
    while (into.body.find(part) == std::string::npos)
        if (!read_more(from, into)) return into.body.find(part) != std::string::npos;
    return true;
}

answer read_answer(client& from, bool to_head_request)
{
    auto out = read_head(from, to_head_request);
    while (read_more(from, out)) {
    }
    return out;
}

answer ask(std::uint16_t port, std::string_view text, client_options const& options)
{
    client one(port, options);
    one.send(text);
    return read_answer(one, text.starts_with("HEAD "));
}

} // namespace e2e
