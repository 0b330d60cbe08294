#include "tests/simulator/text.hpp"

#include <algorithm>

namespace simulator {
namespace {

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
            out.push_back(static_cast<char>(value));
            i += 2;
        } else {
            out.push_back(text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

} // namespace

std::string lower(std::string_view text)
{
    std::string out{text};
    std::ranges::transform(out, out.begin(), lowered);
    return out;
}

bool same(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return lowered(x) == lowered(y); });
}

std::string_view trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

query::query(std::string_view target)
{
    auto const mark = target.find('?');
    if (mark == std::string_view::npos) return;
    auto rest = target.substr(mark + 1);
    while (!rest.empty()) {
        auto const end = std::min(rest.find('&'), rest.size());
        auto const pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (pair.empty()) continue;
        auto const equals = std::min(pair.find('='), pair.size());
        pairs_.emplace_back(
            decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(equals + 1, pair.size()))));
    }
}

std::optional<std::string_view> query::find(std::string_view name) const&
{
    auto const pair =
        std::ranges::find(pairs_, name, [](auto const& p) { return std::string_view{p.first}; });
    if (pair == pairs_.end()) return {};
    return std::string_view{pair->second};
}

std::string_view query::get(std::string_view name, std::string_view otherwise) const&
{
    return find(name).value_or(otherwise);
}

} // namespace simulator
