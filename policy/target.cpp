#include "policy/target.hpp"

#include "policy/byte_set.hpp"

#include <algorithm>

namespace policy {
namespace {

constexpr auto path_bytes = byte_set::alphanumeric_and("/-._~");

constexpr bool is_query_byte(char c) noexcept { return c > 0x20 && c < 0x7f && c != '#'; }

/// Every segment between slashes is more than nothing, "." and "..": what other software would fold away.
bool segments_are_plain(std::string_view path) noexcept
{
    if (path == "/") return true;
    for (std::size_t begin = 1; begin <= path.size();) {
        auto const end = std::min(path.find('/', begin), path.size());
        auto const segment = path.substr(begin, end - begin);
        if (segment.empty() || segment == "." || segment == "..") return false;
        begin = end + 1;
    }
    return true;
}

constexpr int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Whether the upstream would read `raw`, percent-decoded, as `name`. A '+' is a space there, and no name
/// here has one.
bool is_named(std::string_view raw, std::string_view name) noexcept
{
    std::size_t at = 0;
    for (char expected : name) {
        if (at == raw.size()) return false;
        char c = raw[at++];
        if (c == '%' && raw.size() - at >= 2) {
            auto const high = hex_digit(raw[at]);
            auto const low = hex_digit(raw[at + 1]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            at += 2;
        }
        if (c != expected) return false;
    }
    return at == raw.size();
}

struct pair {
    std::string_view text;
    std::string_view name;
    std::string_view value;
};

/// Takes the first pair off `rest`; false when there is none left. The pair may be empty (`a&&b` has three).
bool next_pair(std::optional<std::string_view>& rest, pair& out) noexcept
{
    if (!rest) return false;
    auto const end = rest->find('&');
    out.text = rest->substr(0, end);
    rest = end == std::string_view::npos ? std::nullopt : std::optional{rest->substr(end + 1)};
    auto const equals = out.text.find('=');
    out.name = out.text.substr(0, equals);
    out.value = equals == std::string_view::npos ? std::string_view{} : out.text.substr(equals + 1);
    return true;
}

bool is_credential(pair const& p) noexcept
{
    return is_named(p.name, "access_token") || is_named(p.name, "api_key");
}

} // namespace

boost::system::result<target, denial> read_target(std::string_view raw) noexcept
{
    if (raw.size() > target_bytes_max) return denial::target_too_long;
    if (raw.empty() || raw.front() != '/') return denial::target_not_canonical;

    auto const question = raw.find('?');
    target read{
        .path = raw.substr(0, question), .query = {}, .has_query = question != std::string_view::npos};
    if (read.has_query) read.query = raw.substr(question + 1);

    if (!path_bytes.has_all(read.path) || !segments_are_plain(read.path)) return denial::target_not_canonical;
    if (!std::ranges::all_of(read.query, is_query_byte)) return denial::target_not_canonical;
    return read;
}

boost::system::result<std::optional<std::string_view>, denial>
find_query_token(std::string_view query) noexcept
{
    std::optional<std::string_view> found;
    std::optional rest{query};
    for (pair p; next_pair(rest, p);) {
        if (p.value.empty() || !is_credential(p)) continue;
        if (found && *found != p.value) return denial::conflicting_credentials;
        found = p.value;
    }
    return found;
}

std::optional<std::string_view> find_query_value(std::string_view query, std::string_view name) noexcept
{
    std::optional rest{query};
    for (pair p; next_pair(rest, p);)
        if (!p.text.empty() && is_named(p.name, name)) return p.value;
    return std::nullopt;
}

void append_without_credentials(std::string& out, target const& from)
{
    out += from.path;
    if (!from.has_query) return;

    auto const question = out.size();
    bool dropped = false;
    bool kept = false; // empty pairs alone are nothing worth a '?'
    char separator = '?';
    std::optional rest{from.query};
    for (pair p; next_pair(rest, p);) {
        if (is_credential(p)) {
            dropped = true;
            continue;
        }
        out += separator;
        out += p.text;
        separator = '&';
        kept = kept || !p.text.empty();
    }
    if (dropped && !kept) out.resize(question);
}

} // namespace policy
