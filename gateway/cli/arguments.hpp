#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

/// One option of a command.
struct option {
    std::string_view name;  ///< with its dashes
    std::string_view value; ///< how help calls its value; empty: a switch
    std::string_view help;
    bool required = false;
    bool repeatable = false;
};

/// How a command was called wrongly. `what()` says the remedy.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What stood behind a command's name.
class arguments {
public:
    /// Takes `--name value` and `--name=value`; all else are operands. Throws `usage_error` for an unknown
    /// option, one given twice that is not `repeatable`, a missing or superfluous value, a missing required
    /// one, and for more or fewer operands than `operands`.
    arguments(std::span<std::string const> words, std::span<option const> known, std::size_t operands);

    [[nodiscard]] bool has(std::string_view name) const { return options_.contains(name); }
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    [[nodiscard]] std::string const& operand(std::size_t index) const { return operands_[index]; }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> options_;
    std::vector<std::string> operands_;
};

} // namespace gateway::cli
