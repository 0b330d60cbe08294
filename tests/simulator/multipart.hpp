/// Reads multipart/form-data bodies (RFC 7578), in whatever order the client put its parts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

struct form_part {
    std::string name;
    std::string file_name; ///< empty for a plain field
    std::string_view data; ///< points into the body
    bool whole = true;     ///< false when the body ended inside this part
};

/// The boundary of a `multipart/form-data` content type. Nothing for any other type.
[[nodiscard]] std::optional<std::string> boundary_of(std::string_view content_type);

/// The parts of `body`, in order. When `cut_off`, the body is the beginning of a longer one and the last
/// part may lack its end; otherwise a missing end is a refusal (nothing).
[[nodiscard]] std::optional<std::vector<form_part>>
read_form(std::string_view body, std::string_view boundary, bool cut_off);

} // namespace simulator
