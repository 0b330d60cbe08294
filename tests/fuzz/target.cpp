#include "policy/target.hpp"
#include "policy/route.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <array>
#include <string>
#include <vector>

namespace fuzz {
namespace {

using policy::grant;
using policy::method;
using policy::transport;

std::vector<std::string> split(std::string const& text, char at)
{
    std::vector<std::string> parts{""};
    for (char const c : text)
        if (c == at)
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

bool is_word(std::string const& text, std::string_view more)
{
    for (char const c : text)
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            more.find(c) == std::string_view::npos)
            return false;
    return !text.empty();
}

/// Contract §3 once more, as a list of texts.
struct row {
    method verb;
    transport over;
    std::string_view path; ///< `*`: one segment of letters, digits, `_` and `-`
    grant needs;
};
constexpr std::array rows{
    row{method::post, transport::http,      "/tts/bytes",             grant::tts  },
    row{method::post, transport::http,      "/tts/sse",               grant::tts  },
    row{method::get,  transport::websocket, "/tts/websocket",         grant::tts  },
    row{method::post, transport::http,      "/stt",                   grant::stt  },
    row{method::post, transport::http,      "/audio/transcriptions",  grant::stt  },
    row{method::get,  transport::websocket, "/stt/websocket",         grant::stt  },
    row{method::get,  transport::websocket, "/stt/turns/websocket",   grant::stt  },
    row{method::post, transport::http,      "/tts/*",                 grant::tts  },
    row{method::post, transport::http,      "/stt/*",                 grant::stt  },
    row{method::get,  transport::websocket, "/agents/stream/*",       grant::agent},
    row{method::get,  transport::websocket, "/v1/agents/websocket/*", grant::agent},
};

bool fits(std::string_view pattern, std::string const& path)
{
    auto const wanted = split(std::string(pattern), '/');
    auto const got = split(path, '/');
    if (wanted.size() != got.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] == "*" ? !is_word(got[i], "_-") || got[i].size() > 128 : wanted[i] != got[i])
            return false;
    return true;
}

bool is_literal(std::string const& path)
{
    for (auto const& r : rows)
        if (r.path == path) return true;
    return false;
}

/// The grant that opens `path`, by a walk through the list; nothing: no grant does.
std::optional<grant> needed(method verb, transport over, std::string const& path)
{
    for (auto const& r : rows) {
        auto const serves = is_literal(path) ? r.path == path : fits(r.path, path);
        if (serves && r.verb == verb && r.over == over) return r.needs;
    }
    return std::nullopt;
}

int hex(char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    auto const lower = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    auto const at = digits.find(lower);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Every `%` and two digits become their byte, once.
std::string decoded(std::string const& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const is_coded =
            text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        out += is_coded ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
        if (is_coded) i += 2;
    }
    return out;
}

/// As a lenient server folds a path: decoded, `\` as `/`, parameters gone, empty and dot segments taken out,
/// one case.
std::string folded(std::string const& path)
{
    std::string out;
    std::vector<std::string> kept;
    for (char c : decoded(path))
        out += c == '\\' ? '/' : c;
    for (auto const& segment : split(out, '/')) {
        auto const plain = segment.substr(0, segment.find(';'));
        if (plain.empty() || plain == ".") continue;
        if (plain != "..")
            kept.push_back(plain);
        else if (!kept.empty())
            kept.pop_back();
    }
    out.clear();
    for (auto const& segment : kept)
        out += "/" + segment;
    return out;
}

/// Whether a second reading of `raw` finds it canonical; its path goes to `path`.
bool is_canonical(std::string const& raw, std::string& path)
{
    auto const question = raw.find('?');
    path = raw.substr(0, question);
    for (char const c : question == std::string::npos ? std::string() : raw.substr(question + 1))
        if (c < 0x21 || c > 0x7e || c == '#') return false;
    if (raw.size() > policy::target_bytes_max) return false;
    auto const segments = split(path, '/');
    if (path == "/") return true;
    if (segments.size() < 2 || !segments[0].empty()) return false;
    for (std::size_t i = 1; i < segments.size(); ++i)
        if (!is_word(segments[i], "-._~") || segments[i] == "." || segments[i] == "..") return false;
    return true;
}

bool is_credential(std::string const& pair)
{
    auto const name = decoded(pair.substr(0, pair.find('=')));
    return name == "access_token" || name == "api_key";
}

/// Path and query as they go up: without credentials, and nothing else changed.
void check_query(policy::target const& read, std::string const& path)
{
    std::string out;
    append_without_credentials(out, read);
    promise(out.starts_with(path), "the path goes up as it is");
    std::string query;
    bool dropped = false;
    bool kept = false;
    for (auto const& pair : split(std::string(read.query), '&')) {
        if (!read.has_query) break;
        if (is_credential(pair)) {
            dropped = true;
            continue;
        }
        query += (query.empty() ? "?" : "&") + pair;
        kept = kept || !pair.empty();
    }
    promise(
        out == path + (dropped && !kept ? "" : query), "a query goes up without credentials, else as it is");
}

void check_token(policy::target const& read)
{
    std::vector<std::string> tokens;
    for (auto const& pair : split(std::string(read.query), '&')) {
        auto const equals = pair.find('=');
        auto const value = equals == std::string::npos ? "" : pair.substr(equals + 1);
        if (is_credential(pair) && !value.empty()) tokens.push_back(value);
    }
    bool dispute = false;
    for (auto const& token : tokens)
        dispute = dispute || token != tokens[0];
    auto const got = policy::find_query_token(read.query);
    promise(got.has_error() == dispute, "two tokens in a query are a dispute");
    if (dispute) return;
    promise(
        got->has_value() == !tokens.empty() && (tokens.empty() || **got == tokens[0]),
        "a token is found in a query");
}

} // namespace

void target(std::string_view bytes)
{
    using enum method;
    constexpr std::array verbs{get, head, post, put, patch, del, options, other};
    static policy::route_table const table;
    if (bytes.empty()) return;
    auto const verb = verbs[static_cast<unsigned char>(bytes[0]) % 8];
    auto const over = (bytes[0] & 8) == 0 ? transport::http : transport::websocket;
    auto const raw = std::string(bytes.substr(1));

    std::string path;
    auto const read = policy::read_target(raw);
    promise(read.has_value() == is_canonical(raw, path), "both readers say which target is canonical");
    if (!read) return;
    promise(read->path == path, "both readers see the same path");
    promise(path == "/" || folded(path) == path, "no other reader folds the path to another one");
    check_query(*read, path);
    check_token(*read);

    auto const row = table.find(verb, read->path, over);
    auto const wanted = needed(verb, over, path);
    promise(row.has_value() == wanted.has_value(), "only what is in the table is served");
    promise(!wanted || (*row)->needs == *wanted, "and with the grant that stands there");
}

} // namespace fuzz
