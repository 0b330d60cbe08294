#include "tests/end_to_end/corpus.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <openssl/evp.h>
#include <ostream>
#include <stdexcept>

namespace e2e {

namespace json = boost::json;

namespace {

std::string unbase64(std::string_view coded)
{
    std::string out(coded.size(), '\0');
    auto const* const in = reinterpret_cast<unsigned char const*>(coded.data());
    auto const n =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(coded.size()));
    if (n < 0) throw std::runtime_error("no base64: " + std::string(coded));
    auto const padding = coded.ends_with("==") ? 2U : coded.ends_with('=') ? 1U : 0U;
    out.resize(static_cast<std::size_t>(n) - padding);
    return out;
}

std::vector<json::object> read_lines(std::string const& name)
{
    std::ifstream in(std::string(VOICEGATE_TEST_DATA "/") + name);
    std::vector<json::object> out;
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) out.push_back(json::parse(line).as_object());
    if (out.empty()) throw std::runtime_error("no rows in " + name);
    return out;
}

std::string text(json::object const& in, std::string_view key)
{
    auto const* const found = in.if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string{};
}

bool flag(json::object const& in, std::string_view key)
{
    auto const* const found = in.if_contains(key);
    return found && found->is_bool() && found->get_bool();
}

std::vector<std::string> texts(json::object const& in, std::string_view key)
{
    std::vector<std::string> out;
    if (auto const* const found = in.if_contains(key))
        for (auto const& one : found->as_array())
            out.emplace_back(one.as_string());
    return out;
}

template <class Number>
std::vector<Number> numbers(json::object const& in, std::string_view key)
{
    std::vector<Number> out;
    auto const* const found = in.if_contains(key);
    if (found && found->is_array())
        for (auto const& one : found->get_array())
            out.push_back(one.to_number<Number>());
    return out;
}

std::optional<std::size_t> number(json::object const& in, std::string_view key)
{
    auto const* const found = in.if_contains(key);
    return found ? std::optional(found->to_number<std::size_t>()) : std::nullopt;
}

verdict read_verdict(std::string_view word)
{
    if (word == "accept") return verdict::accept;
    if (word == "reject") return verdict::reject;
    if (word == "wait") return verdict::wait;
    if (word == "either") return verdict::either;
    throw std::runtime_error("no verdict: " + std::string(word));
}

raw_row read_raw_row(json::object const& in)
{
    raw_row out;
    out.id = text(in, "id");
    out.kind = text(in, "class");
    out.wanted = read_verdict(text(in, "verdict"));
    out.bytes = unbase64(text(in, "raw_b64"));
    out.in_clear = text(in, "transport") == "plain";
    out.half_close = text(in, "then") == "half_close";
    out.split = text(in, "split");
    out.cuts = numbers<long>(in, "split");
    if (!out.cuts.empty()) out.split = "tail";
    out.then_reject = flag(in, "then_reject");
    out.answers = number(in, "responses").value_or(out.then_reject ? 2 : 1);
    out.switches = flag(in, "expect101");
    out.no_body = text(in, "invariant") == "no_body_bytes";
    out.statuses = numbers<unsigned>(in, "status");
    if (in.contains("body_b64")) out.body = unbase64(text(in, "body_b64"));
    out.upstream_max = number(in, "max_upstream");
    out.complete_upstream_max = number(in, "max_complete_upstream").value_or(0);
    out.must_not_forward = texts(in, "must_not_forward");
    out.must_not_forward_target = texts(in, "must_not_forward_target");
    return out;
}

path_row read_path_row(json::object const& in)
{
    path_row out;
    out.id = text(in, "id");
    out.method = text(in, "method");
    out.target = unbase64(text(in, "target_b64"));
    out.websocket = flag(in, "ws");
    out.grant = text(in, "grant");
    out.or_else = texts(in, "alt");
    if (in.at("forwarded").is_string()) out.forwarded = text(in, "forwarded");
    return out;
}

cookie_row read_cookie_row(json::object const& in)
{
    cookie_row out;
    out.id = text(in, "id");
    for (auto const& coded : texts(in, "cookie_b64"))
        out.fields.push_back(unbase64(coded));
    auto const or_else = texts(in, "alt");
    auto const finds = text(in, "expect") == "TOK";
    out.may_find = finds || std::ranges::count(or_else, "TOK") != 0;
    out.must_find = finds && or_else.empty();
    return out;
}

template <class Row, class Read>
std::vector<Row> read_rows(std::string const& name, Read read)
{
    std::vector<Row> out;
    for (auto const& line : read_lines(name))
        out.push_back(read(line));
    return out;
}

} // namespace

std::ostream& operator<<(std::ostream& out, raw_row const& row) { return out << row.kind << " " << row.id; }
std::ostream& operator<<(std::ostream& out, path_row const& row) { return out << row.id; }
std::ostream& operator<<(std::ostream& out, cookie_row const& row) { return out << row.id; }

std::vector<raw_row> read_raw_rows() { return read_rows<raw_row>("http1_raw.jsonl", read_raw_row); }
std::vector<path_row> read_path_rows() { return read_rows<path_row>("paths.jsonl", read_path_row); }
std::vector<cookie_row> read_cookie_rows() { return read_rows<cookie_row>("cookies.jsonl", read_cookie_row); }

std::string replaced(std::string text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

} // namespace e2e
