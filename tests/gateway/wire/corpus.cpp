#include "tests/gateway/wire/corpus.hpp"

#include "gateway/wire/body.hpp"
#include "tests/gateway/wire/print.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace gateway::wire::test {
namespace {

std::string decode_base64(std::string_view text)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (char const c : text.substr(0, text.find('='))) {
        bits = bits << 6 | static_cast<unsigned>(digits.find(c));
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    return out;
}

void fill_in(std::string& text, std::string_view place, std::string_view value)
{
    for (auto at = text.find(place); at != text.npos; at = text.find(place, at + value.size()))
        text.replace(at, place.size(), value);
}

corpus_row read_row(std::string const& line)
{
    auto const object = boost::json::parse(line).as_object();
    auto const text = [&](char const* name) { return std::string{object.at(name).as_string()}; };
    corpus_row row{text("id"), text("class"), text("verdict"), decode_base64(text("raw_b64")), {}};
    fill_in(row.bytes, "@@AUTH@@", "Cookie: __Host-cartesia_token=abc\r\n");
    fill_in(row.bytes, "@@HOST@@", "localhost");
    fill_in(row.bytes, "@@HOSTUPPER@@", "LOCALHOST");
    fill_in(row.bytes, "@@PORT@@", "8443");
    if (object.contains("body_b64")) row.body = decode_base64(text("body_b64"));
    row.then_reject = object.contains("then_reject");
    row.then_close = object.contains("then");
    return row;
}

std::vector<corpus_row> read_corpus()
{
    std::vector<corpus_row> rows;
    std::ifstream file{VOICEGATE_TEST_DATA "/http1_raw.jsonl"};
    for (std::string line; std::getline(file, line);)
        rows.push_back(read_row(line));
    if (rows.empty()) throw std::runtime_error{"no rows in http1_raw.jsonl"};
    return rows;
}

/// Reads the head that begins `bytes`, of which `step` bytes more come each time.
head_result read_head(std::string_view bytes, std::size_t step, request_head& head)
{
    std::size_t scanned = 0;
    head_result got;
    for (std::size_t have = 0; have < bytes.size() && got.state == head_state::incomplete;) {
        have = std::min(have + step, bytes.size());
        got = read_request_head(bytes.substr(0, have), {}, scanned, head);
    }
    return got;
}

} // namespace

std::ostream& operator<<(std::ostream& out, corpus_row const& row) { return out << row.id; }

std::ostream& operator<<(std::ostream& out, judgement const& j)
{
    constexpr std::array ends{"between messages", "in head", "in body", "head flaw", "body flaw", "tunnel"};
    out << ends.at(static_cast<std::size_t>(j.how));
    if (j.how == judgement::end::head_flaw) out << ' ' << j.flaw;
    return out << " after " << j.messages;
}

std::vector<corpus_row> const& corpus()
{
    static std::vector<corpus_row> const rows = read_corpus();
    return rows;
}

judgement judge(std::string_view bytes, std::size_t step)
{
    judgement out;
    auto const head = std::make_unique<request_head>();
    while (!bytes.empty()) {
        auto const got = read_head(bytes, step, *head);
        out.flaw = got.flaw;
        out.how = got.state == head_state::flawed ? judgement::end::head_flaw : judgement::end::in_head;
        if (got.state != head_state::complete) return out;
        bytes.remove_prefix(got.bytes);
        body_decoder decoder{head->body, head->content_length};
        while (!bytes.empty() && !decoder.done()) {
            std::string piece{bytes.substr(0, step)};
            auto const found = decoder.feed(piece);
            if (out.messages == 0) out.body += std::string_view{piece}.substr(found.offset, found.size);
            bytes.remove_prefix(found.consumed);
            out.how = judgement::end::body_flaw;
            if (found.now == body_decoder::state::flawed) return out;
        }
        out.how = judgement::end::in_body;
        if (!decoder.done()) return out;
        ++out.messages;
        out.how = head->websocket ? judgement::end::tunnel : judgement::end::between_messages;
        if (head->websocket) return out;
    }
    return out;
}

} // namespace gateway::wire::test
