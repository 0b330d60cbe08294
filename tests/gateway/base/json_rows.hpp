#pragma once
#include <boost/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Corpora in tests/data: one JSON object in each line.
namespace test {

inline std::vector<boost::json::object> rows_of(std::string const& file)
{
    std::ifstream in(VOICEGATE_TEST_DATA "/" + file);
    std::vector<boost::json::object> rows;
    for (std::string line; std::getline(in, line);)
        rows.push_back(boost::json::parse(line).as_object());
    if (rows.empty()) throw std::runtime_error("no rows in " + file);
    return rows;
}

/// Empty when it is not there, or is no text.
inline std::string text_in(boost::json::object const& row, std::string_view name)
{
    auto const* const found = row.if_contains(name);
    auto const* const text = found != nullptr ? found->if_string() : nullptr;
    return text != nullptr ? std::string(*text) : std::string();
}

} // namespace test
