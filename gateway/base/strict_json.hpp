#pragma once
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Which JSON is taken: RFC 8259 from other programs, comments and trailing commas from people.
enum class json_dialect : std::uint8_t { exact, for_people };

/// A JSON text that was read, or what is wrong with it and where.
struct json_text {
    std::optional<boost::json::value> value;
    std::string where; ///< "line 3, column 14", or the path of the key that is given twice
    std::string what;
};

/// Reads one JSON text. An object that has one key twice is refused: Boost.JSON would keep the last, others
/// keep the first, and a reader of the file sees either. So is a number beyond a double's: Boost.JSON 1.81
/// makes infinity of it, and of 0e999 none at all. Nesting ends at 32.
[[nodiscard]] json_text read_json(std::string_view text, json_dialect dialect);

/// The path of a member: `tls`, then `tls.certificates`. Never empty: a key without a letter shows as two quotes.
[[nodiscard]] std::string json_path(std::string_view parent, std::string_view key);
/// The path of an element: `tls.certificates[0]`.
[[nodiscard]] std::string json_path(std::string_view parent, std::size_t index);

} // namespace gateway
