#include "policy/cookie.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <set>
#include <string>
#include <vector>

namespace fuzz {
namespace {

constexpr std::string_view name = "cartesia_token";

std::string without_blanks_in_front(std::string const& text)
{
    auto const begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? std::string() : text.substr(begin);
}

/// The pairs of all fields (RFC 6265 §5.4), empty ones left out.
std::vector<std::string> pairs_of(std::vector<std::string> const& fields)
{
    std::vector<std::string> out;
    for (auto const& field : fields) {
        std::string pair;
        for (char const c : field + ";") {
            if (c != ';') {
                pair += c;
                continue;
            }
            if (auto text = without_blanks_in_front(pair); !text.empty()) out.push_back(text);
            pair.clear();
        }
    }
    return out;
}

bool is_ours(std::string const& pair)
{
    return pair.substr(0, pair.find('=') + 1) == std::string(name) + "=";
}

bool is_token(std::string const& value)
{
    for (char const c : value)
        if (std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._").find(c) ==
            std::string_view::npos)
            return false;
    return true;
}

/// What the fields hold, first flaw first.
boost::system::result<std::optional<std::string>, policy::denial>
find_simply(std::vector<std::string> const& pairs)
{
    std::optional<std::string> found;
    for (auto const& pair : pairs) {
        if (!is_ours(pair) || pair.size() == name.size() + 1) continue;
        auto const value = pair.substr(name.size() + 1);
        if (!is_token(value)) return policy::denial::malformed_cookie;
        if (found && *found != value) return policy::denial::conflicting_cookies;
        found = value;
    }
    return found;
}

} // namespace

void cookie(std::string_view bytes)
{
    std::vector<std::string> fields{""};
    for (char const c : bytes)
        if (c == '\n')
            fields.emplace_back();
        else
            fields.back() += c;
    std::vector<std::string_view> const views(fields.begin(), fields.end());
    auto const pairs = pairs_of(fields);

    auto const got = policy::find_cookie(views, name);
    auto const wanted = find_simply(pairs);
    promise(got.has_error() == wanted.has_error(), "both readers say whether there is one cookie");
    promise(!got.has_error() || got.error() == wanted.error(), "and why not");
    promise(got.has_error() || got->has_value() == wanted->has_value(), "both readers find it");
    promise(got.has_error() || !*got || **got == **wanted, "and the same value");

    std::string others;
    for (auto const& pair : pairs)
        if (!is_ours(pair)) others += (others.empty() ? "" : "; ") + pair;
    promise(policy::without_cookie(views, name) == others, "what goes to the app is all the other cookies");
}

} // namespace fuzz
