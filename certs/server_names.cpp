#include "certs/server_names.hpp"

#include <algorithm>

namespace certs {
namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    // Not std::tolower: names are ASCII whatever the locale.
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

} // namespace

void server_names::add(std::string_view pattern, std::size_t certificate)
{
    auto const wild = pattern.starts_with("*.");
    auto const name = lower(wild ? pattern.substr(2) : pattern);
    if (name.find('*') != std::string::npos) return; // "f*.example.com": no client would accept it either
    (wild ? wildcards_ : exact_).emplace(name, certificate);
}

std::optional<std::size_t> server_names::find(std::string_view name) const
{
    auto const wanted = lower(name);
    if (auto const found = exact_.find(wanted); found != exact_.end()) return found->second;
    auto const dot = wanted.find('.');
    if (dot == std::string::npos || dot == 0) return std::nullopt;
    auto const found = wildcards_.find(std::string_view(wanted).substr(dot + 1));
    if (found == wildcards_.end()) return std::nullopt;
    return found->second;
}

} // namespace certs
