#pragma once
#include <string_view>

namespace bench {

/// The value of the first field of that name (in lower case) in a head; empty when there is none.
[[nodiscard]] std::string_view field(std::string_view head, std::string_view name);
/// The leading decimal number; 0 when there is none.
[[nodiscard]] std::size_t number(std::string_view text);

} // namespace bench
