#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace policy {

/// One thing inside a JSON object, told while it is read; views last until the call returns.
struct json_member {
    enum class form : std::uint8_t { text, integer, boolean, object, array, other };

    std::string_view name{};  ///< the member of the outermost object
    std::string_view inner{}; ///< in an object that `name` holds: the member there; in an array: empty
    unsigned depth = 1;       ///< 1: the value of `name` itself; 2: inside that value
    form what = form::other;
    std::string_view text{};
    std::int64_t integer = 0;
    bool flag = false;
};

class json_member_sink {
public:
    /// False: the object is not what the caller wants, and reading ends.
    [[nodiscard]] virtual bool take(json_member const& member) noexcept = 0;

protected:
    ~json_member_sink() = default;
};

/// Longest JSON text that is read; a token's segment is shorter.
inline constexpr std::size_t json_bytes_max = 4096;

/// Tells `sink` the members of one JSON object (RFC 8259) in their order, those of the object or array that a
/// member holds included, deeper ones not. Every member is told, also the second of one name: the caller sees
/// duplicates, which a parsed value would hide. False: no JSON object, longer than `json_bytes_max`, nested
/// too deep, not UTF-8, something after its end, or `sink` said no. Allocates nothing.
[[nodiscard]] bool read_json_members(std::string_view text, json_member_sink& sink) noexcept;

} // namespace policy
