#include "gateway/cli/arguments.hpp"

#include <algorithm>

namespace gateway::cli {

arguments::arguments(std::span<std::string const> words, std::span<option const> known, std::size_t operands)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const& word = words[i];
        if (!word.starts_with('-')) {
            operands_.push_back(word);
            continue;
        }
        auto const equals = word.find('=');
        auto const name = word.substr(0, equals);
        auto const found = std::ranges::find(known, std::string_view(name), &option::name);
        if (found == known.end()) throw usage_error("unknown option " + name);
        if (has(name) && !found->repeatable) throw usage_error(name + " is given twice");
        auto& values = options_[name];
        if (found->value.empty()) {
            if (equals != std::string::npos) throw usage_error(name + " takes no value");
        } else if (equals != std::string::npos) {
            values.push_back(word.substr(equals + 1));
        } else if (i + 1 < words.size()) {
            values.push_back(words[++i]);
        } else {
            throw usage_error(name + " needs a value: " + name + " " + std::string(found->value));
        }
    }
    for (auto const& o : known)
        if (o.required && !has(o.name))
            throw usage_error(
                std::string(o.name) + " must be given: " + std::string(o.name) + " " + std::string(o.value));
    if (operands_.size() < operands) throw usage_error("too few arguments");
    if (operands_.size() > operands) throw usage_error("too many arguments: " + operands_[operands]);
}

std::optional<std::string> arguments::get(std::string_view name) const
{
    auto const found = options_.find(name);
    if (found == options_.end() || found->second.empty()) return std::nullopt;
    return found->second.front();
}

std::vector<std::string> arguments::all(std::string_view name) const
{
    auto const found = options_.find(name);
    return found == options_.end() ? std::vector<std::string>() : found->second;
}

} // namespace gateway::cli
