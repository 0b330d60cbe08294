#pragma once
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// A row of a corpus under tests/data, printed as its id.
struct corpus_row {
    boost::json::object members;

    [[nodiscard]] std::string text(std::string_view name) const; ///< of a member that is a string
    [[nodiscard]] std::string id() const { return text("id"); }
    [[nodiscard]] bool
    lists(std::string_view name, std::string_view entry) const; ///< in a member that is an array
    friend std::ostream& operator<<(std::ostream& out, corpus_row const& row);
};

/// The rows of `file`, one JSON object a line. Throws when there are none.
[[nodiscard]] std::vector<corpus_row> read_corpus(std::string_view file);

[[nodiscard]] std::string from_base64(std::string_view text);

/// `text` with each first replaced by its second, everywhere.
[[nodiscard]] std::string
replaced(std::string text, std::vector<std::pair<std::string_view, std::string_view>> const& all);

} // namespace test
