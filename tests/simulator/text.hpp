/// Small readings of text that several parts share: case, queries, numbers.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulator {

/// ASCII only, as header names are.
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool same(std::string_view a, std::string_view b); ///< but for ASCII case
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Name and value pairs of a query string in order, decoded (`+` is a space).
class query {
public:
    explicit query(std::string_view target);

    /// The first value of `name`. Views point into this query, so a temporary has none to give.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const&;
    [[nodiscard]] std::string_view get(std::string_view name, std::string_view otherwise = {}) const&;
    std::optional<std::string_view> find(std::string_view name) const&& = delete;
    std::string_view get(std::string_view name, std::string_view otherwise = {}) const&& = delete;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// A whole decimal number and nothing else.
template <class Number>
[[nodiscard]] std::optional<Number> read_number(std::string_view text)
{
    Number value{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

} // namespace simulator
