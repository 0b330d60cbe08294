#include "tests/fuzz/simple_http.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace fuzz::simple {
namespace {

using gateway::wire::framing;
using gateway::wire::head_flaw;
using gateway::wire::head_limits;
using gateway::wire::head_state;

struct more {}; ///< thrown where the text ends too early

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view digits = "0123456789";

bool is_in(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }
bool is_digit(char c) { return is_in(digits, c); }
bool is_token(char c) { return is_in(letters, c) || is_digit(c) || is_in("!#$%&'*+-.^_`|~", c); }
bool is_visible(char c) { return c >= 0x21 && c <= 0x7e; }
bool is_text(char c) { return is_visible(c) || c == ' ' || c == '\t'; }
bool is_value(char c) { return is_text(c) || static_cast<unsigned char>(c) >= 0x80; }

bool all(bool (*is)(char), std::string_view text) { return !text.empty() && std::ranges::all_of(text, is); }

std::string lower(std::string text)
{
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string trimmed(std::string const& text)
{
    auto const begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string> split_at_commas(std::string const& text)
{
    std::vector<std::string> parts{""};
    for (char const c : text)
        if (c == ',')
            parts.emplace_back();
        else
            parts.back() += c;
    for (auto& part : parts)
        part = trimmed(part);
    std::erase(parts, "");
    return parts;
}

/// Reads byte after byte.
class reader {
public:
    explicit reader(std::string text) : text_(std::move(text)) {}

    char take()
    {
        if (at_ == text_.size()) throw more{};
        return text_[at_++];
    }
    [[nodiscard]] std::size_t at() const { return at_; }

    void expect(std::string_view wanted, head_flaw otherwise)
    {
        for (char const c : wanted)
            if (take() != c) throw otherwise;
    }

    unsigned version(head_flaw otherwise)
    {
        expect("HTTP/", otherwise);
        auto const major = take();
        if (major != '1') throw is_digit(major) ? head_flaw::version : otherwise;
        expect(".", otherwise);
        auto const minor = take();
        if (minor == '0') return 0;
        if (minor != '1') throw is_digit(minor) ? head_flaw::version : otherwise;
        return 1;
    }

    std::string method()
    {
        std::string out;
        for (;;) {
            auto const c = take();
            if (c == ' ' && !out.empty()) return out;
            if (!is_token(c) || out.size() == 32) throw head_flaw::request_line;
            out += c;
        }
    }

    std::string target(std::size_t bytes_max)
    {
        std::string out;
        for (;;) {
            auto const c = take();
            if (c == ' ' && !out.empty()) return out;
            if (!is_visible(c)) throw head_flaw::request_line;
            if (out.size() == bytes_max) throw head_flaw::target_too_long;
            out += c;
        }
    }

    /// Three digits, and a reason behind a space; both may be missing. Then the line ends.
    void status(head& out)
    {
        expect(" ", head_flaw::status_line);
        for (int i = 0; i < 3; ++i) {
            auto const c = take();
            if (!is_digit(c) || (i == 0 && !is_in("12345", c))) throw head_flaw::status_line;
            out.status = out.status * 10 + static_cast<unsigned>(c - '0');
        }
        auto c = take();
        if (c == ' ')
            for (c = take(); is_value(c); c = take())
                out.reason += c;
        if (c != '\r') throw head_flaw::status_line;
        expect("\n", head_flaw::status_line);
    }

    /// The field lines and the empty line behind them.
    void fields(head& out, std::size_t fields_max)
    {
        for (;;) {
            std::string name;
            std::string value;
            auto c = take();
            if (c == '\r') return expect("\n", head_flaw::field_line);
            for (; c != ':'; c = take()) {
                if (!is_token(c)) throw head_flaw::field_line;
                name += c;
            }
            if (name.empty()) throw head_flaw::field_line;
            for (c = take(); c != '\r'; c = take()) {
                if (!is_value(c)) throw head_flaw::field_line;
                value += c;
            }
            expect("\n", head_flaw::field_line);
            if (out.fields.size() == fields_max) throw head_flaw::too_many_fields;
            out.fields.emplace_back(name, trimmed(value));
        }
    }

private:
    std::string text_;
    std::size_t at_ = 0;
};

/// The values of all fields called `name`, which is in lower case.
std::vector<std::string> values(head const& of, std::string_view name)
{
    std::vector<std::string> out;
    for (auto const& [field, value] : of.fields)
        if (lower(field) == name) out.push_back(value);
    return out;
}

bool is_port(std::string const& text)
{
    return all(is_digit, text) && text.size() <= 5 && text[0] != '0' && std::stoi(text) <= 65535;
}

bool is_host(std::string const& text)
{
    if (text[0] == '[') {
        std::array<unsigned char, 16> address{};
        return text.back() == ']' &&
               inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), address.data()) == 1;
    }
    auto const is_name = [](char c) { return is_in(letters, c) || is_digit(c) || is_in("-._", c); };
    return text.size() <= 255 && std::ranges::all_of(text, is_name);
}

bool is_host_and_port(std::string const& text)
{
    if (text.empty()) return false;
    auto const bracket = text.find(']');
    auto const colon = text.find(':', bracket == std::string::npos ? 0 : bracket);
    if (colon == 0) return false;
    if (colon == std::string::npos) return is_host(text);
    return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

/// What OpenSSL decodes to 16 bytes and encodes to the same text again.
bool is_websocket_key(std::string const& text)
{
    if (text.size() != 24 || !text.ends_with("==")) return false;
    std::array<unsigned char, 18> decoded{};
    std::array<unsigned char, 25> again{};
    auto const* const from = reinterpret_cast<unsigned char const*>(text.data());
    if (EVP_DecodeBlock(decoded.data(), from, 24) != 18) return false;
    EVP_EncodeBlock(again.data(), decoded.data(), 16);
    return std::string_view(reinterpret_cast<char const*>(again.data()), 24) == text;
}

void read_framing(head& out, framing otherwise)
{
    auto const lengths = values(out, "content-length");
    auto const codings = values(out, "transfer-encoding");
    out.body = otherwise;
    if (!codings.empty()) {
        if (codings.size() > 1 || lower(codings[0]) != "chunked" || !lengths.empty() ||
            out.minor_version == 0)
            throw head_flaw::framing;
        out.body = framing::chunked;
    } else if (!lengths.empty()) {
        if (lengths.size() > 1 || !all(is_digit, lengths[0]) || lengths[0].size() > 19)
            throw head_flaw::framing;
        out.content_length = std::stoull(lengths[0]);
        if (out.content_length > 9'223'372'036'854'775'807U) throw head_flaw::framing;
        out.body = framing::length;
    }
}

/// The options of `Connection`, in lower case.
std::vector<std::string> read_connection(head const& of)
{
    std::vector<std::string> out;
    for (auto const& value : values(of, "connection"))
        for (auto const& option : split_at_commas(value)) {
            if (!all(is_token, option)) throw head_flaw::field_line;
            out.push_back(lower(option));
        }
    return out;
}

bool has(std::vector<std::string> const& in, std::string_view what)
{
    return std::ranges::find(in, what) != in.end();
}

bool is_one(std::vector<std::string> const& all, std::string_view wanted)
{
    return all.size() == 1 && lower(all[0]) == wanted;
}

void read_upgrade(head& out, bool connection_upgrade)
{
    auto const upgrades = values(out, "upgrade");
    auto const keys = values(out, "sec-websocket-key");
    if (upgrades.empty() && keys.empty()) return;
    if (!connection_upgrade || out.method != "GET" || out.minor_version != 1) throw head_flaw::upgrade;
    if (!is_one(upgrades, "websocket")) throw head_flaw::upgrade;
    if (!is_one(values(out, "sec-websocket-version"), "13")) throw head_flaw::upgrade;
    if (keys.size() != 1 || !is_websocket_key(keys[0])) throw head_flaw::upgrade;
    if (out.body == framing::chunked || out.content_length > 0) throw head_flaw::upgrade;
    out.websocket = true;
    out.websocket_key = keys[0];
}

void read_request_meaning(head& out)
{
    auto const hosts = values(out, "host");
    auto const may_lack = out.minor_version == 0 && hosts.empty();
    if (!may_lack && (hosts.size() != 1 || !is_host_and_port(hosts[0]))) throw head_flaw::host;
    if (!may_lack) out.host = hosts[0];
    read_framing(out, framing::none);
    auto const options = read_connection(out);
    out.keep_alive = out.minor_version == 1 && !has(options, "close");
    read_upgrade(out, has(options, "upgrade"));
    auto const expectations = values(out, "expect");
    if (expectations.empty() || out.minor_version == 0) return;
    if (!is_one(expectations, "100-continue")) throw head_flaw::expectation;
    out.expects_continue = out.body == framing::chunked || out.content_length > 0;
}

void read_response_meaning(head& out, bool to_head_request)
{
    read_framing(out, framing::until_close);
    auto const never = to_head_request || out.status < 200 || out.status == 204 || out.status == 304;
    if (never) out.body = framing::none;
    auto const options = read_connection(out);
    out.keep_alive = out.minor_version == 1 && !has(options, "close") && out.body != framing::until_close;
}

template <class Read>
head_verdict verdict_of(std::string const& text, head_limits const& limits, Read read)
{
    head_verdict out;
    reader in(text.substr(0, limits.bytes_max));
    try {
        read(in, out.what);
        out.state = head_state::complete;
        out.bytes = in.at();
        return out;
    } catch (head_flaw why) {
        out.state = head_state::flawed;
        out.flaw = why;
    } catch (more) {
        out.state = text.size() >= limits.bytes_max ? head_state::flawed : head_state::incomplete;
        if (out.state == head_state::flawed) out.flaw = head_flaw::too_long;
    }
    out.what = {};
    return out;
}

/// A chunked body (RFC 9112 §7.1); `extra` counts the bytes of extensions and trailers.
class chunks {
public:
    explicit chunks(std::string const& text) : in_(text) {}

    void read(std::string& payload)
    {
        while (auto const size = read_size()) {
            for (std::uint64_t i = 0; i < size; ++i)
                payload += in_.take();
            expect("\r\n");
        }
        while (read_trailer()) {
        }
    }
    [[nodiscard]] std::size_t at() const { return in_.at(); }

private:
    void expect(std::string_view wanted) { in_.expect(wanted, head_flaw::framing); }
    static void require(bool good)
    {
        if (!good) throw head_flaw::framing;
    }
    char take_extra()
    {
        auto const c = in_.take();
        require(++extra_ <= gateway::wire::body_decoder::overhead_bytes_max);
        return c;
    }

    std::uint64_t read_size()
    {
        std::string hex;
        std::uint64_t size = 0;
        auto c = in_.take();
        for (; is_in("0123456789abcdefABCDEF", c); c = in_.take()) {
            hex += c;
            require(hex.size() <= 16);
            size = std::stoull(hex, nullptr, 16);
            require(size <= 0x7fff'ffff'ffff'ffffU);
        }
        require(!hex.empty() && (c == '\r' || c == ';'));
        if (c == ';') read_extension();
        expect("\n");
        return size;
    }

    void read_extension()
    {
        bool quoted = false;
        for (auto c = take_extra(); quoted || c != '\r'; c = take_extra()) {
            require(is_text(c));
            if (c == '"') quoted = !quoted;
            if (c == '\\' && quoted) require(is_text(take_extra()));
        }
    }

    /// False: it was the empty line.
    bool read_trailer()
    {
        auto c = take_extra();
        if (c == '\r') {
            expect("\n");
            return false;
        }
        require(is_token(c));
        while ((c = take_extra()) != ':')
            require(is_token(c));
        while ((c = take_extra()) != '\r')
            require(is_value(c));
        require(take_extra() == '\n');
        return true;
    }

    reader in_;
    std::size_t extra_ = 0;
};

} // namespace

head_verdict read_request(std::string const& text, head_limits const& limits)
{
    return verdict_of(text, limits, [&](reader& in, head& out) {
        out.method = in.method();
        out.target = in.target(limits.target_bytes_max);
        out.minor_version = in.version(head_flaw::request_line);
        in.expect("\r\n", head_flaw::request_line);
        in.fields(out, limits.fields_max);
        read_request_meaning(out);
    });
}

head_verdict read_response(std::string const& text, head_limits const& limits, bool to_head_request)
{
    return verdict_of(text, limits, [&](reader& in, head& out) {
        out.minor_version = in.version(head_flaw::status_line);
        in.status(out);
        in.fields(out, limits.fields_max);
        read_response_meaning(out, to_head_request);
    });
}

body_verdict read_body(std::string const& text, framing how, std::uint64_t content_length)
{
    using state = gateway::wire::body_decoder::state;
    body_verdict out;
    if (how == framing::none) {
        out.now = state::done;
    } else if (how == framing::until_close) {
        out.payload = text;
    } else if (how == framing::length) {
        out.payload =
            text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(content_length, text.size())));
        if (out.payload.size() == content_length) out.now = state::done;
        if (out.now == state::done) out.bytes = out.payload.size();
    } else {
        chunks in(text);
        try {
            in.read(out.payload);
            out.now = state::done;
            out.bytes = in.at();
        } catch (head_flaw) {
            out.now = state::flawed;
        } catch (more) {
        }
    }
    return out;
}

} // namespace fuzz::simple
