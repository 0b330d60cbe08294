#include "policy/cookie.hpp"

#include "policy/byte_set.hpp"

#include <algorithm>

namespace policy {
namespace {

constexpr auto token_bytes = byte_set::alphanumeric_and("-._");

/// Takes the first pair off `rest`, without the blanks before it (RFC 6265 §4.2.1 has one space there).
std::string_view take_pair(std::string_view& rest) noexcept
{
    auto const end = std::min(rest.find(';'), rest.size());
    auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
    return pair;
}

/// Byte for byte, and only up to the first '=': no case folding, no quotes, no `$Version`, no decoding.
bool is_called(std::string_view pair, std::string_view name) noexcept
{
    return pair.size() > name.size() && pair[name.size()] == '=' && pair.starts_with(name);
}

} // namespace

boost::system::result<std::optional<std::string_view>, denial>
find_cookie(std::span<std::string_view const> fields, std::string_view name) noexcept
{
    std::optional<std::string_view> found;
    for (auto rest : fields) {
        while (!rest.empty()) {
            auto const pair = take_pair(rest);
            if (!is_called(pair, name)) continue;
            auto const value = pair.substr(name.size() + 1);
            if (value.empty()) continue;
            if (!token_bytes.has_all(value)) return denial::malformed_cookie;
            if (found && *found != value) return denial::conflicting_cookies;
            found = value;
        }
    }
    return found;
}

std::string without_cookie(std::span<std::string_view const> fields, std::string_view name)
{
    std::string out;
    for (auto rest : fields) {
        while (!rest.empty()) {
            auto const pair = take_pair(rest);
            if (pair.empty() || is_called(pair, name)) continue;
            if (!out.empty()) out += "; ";
            out += pair;
        }
    }
    return out;
}

} // namespace policy
