#pragma once
#include "policy/byte_set.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

/// The form of a row's path: segments that are literal or `{name}`. All constexpr, so that the built-in table
/// is proven while it is compiled.
namespace policy::path_template {

inline constexpr std::size_t parameter_bytes_max = 128; ///< longest segment that a `{name}` stands for
inline constexpr std::size_t template_bytes_max = 1024;

/// Takes the first segment off `rest`, which begins with '/' (an empty rest has no segment).
constexpr std::string_view take_segment(std::string_view& rest) noexcept
{
    rest.remove_prefix(1);
    auto const segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    return segment;
}

constexpr bool is_parameter(std::string_view segment) noexcept { return segment.starts_with('{'); }

constexpr bool has_parameter(std::string_view path) noexcept
{
    return path.find('{') != std::string_view::npos;
}

/// Whether a `{name}` may stand for `segment` of a request's path.
constexpr bool fits_parameter(std::string_view segment) noexcept
{
    constexpr auto bytes = byte_set::alphanumeric_and("_-");
    return !segment.empty() && segment.size() <= parameter_bytes_max && bytes.has_all(segment);
}

/// Why `path` is no path template, as the end of a sentence; empty when it is one.
constexpr std::string_view flaw(std::string_view path) noexcept
{
    constexpr auto literal_bytes = byte_set::alphanumeric_and("_.~-");
    constexpr auto name_bytes = byte_set::alphanumeric_and("_");
    if (!path.starts_with('/')) return "must begin with '/'";
    if (path.size() > template_bytes_max) return "is longer than 1024 bytes";
    if (path == "/") return {};
    while (!path.empty()) {
        auto segment = take_segment(path);
        if (segment.empty()) return "has an empty segment";
        if (is_parameter(segment)) {
            if (!segment.ends_with('}') || segment.size() < 3)
                return "has a '{' that is not a whole segment {name}";
            segment = segment.substr(1, segment.size() - 2);
            if (!name_bytes.has_all(segment)) return "has a {name} of other than letters, digits and '_'";
            continue;
        }
        if (segment == "." || segment == "..")
            return "has a dot segment, and no request with one is ever served";
        if (!literal_bytes.has_all(segment))
            return "has a segment of other than letters, digits and '_', '.', '~', '-'";
    }
    return {};
}

/// Whether a request for `path` (canonical) is one that `form` describes.
constexpr bool describes(std::string_view form, std::string_view path) noexcept
{
    while (!form.empty() && !path.empty()) {
        auto const wanted = take_segment(form);
        auto const got = take_segment(path);
        if (is_parameter(wanted) ? !fits_parameter(got) : wanted != got) return false;
    }
    return form.empty() && path.empty();
}

/// Whether some path is served by rows with these two forms, and neither goes before the other.
constexpr bool collide(std::string_view a, std::string_view b) noexcept
{
    if (has_parameter(a) != has_parameter(b)) return false; // a literal path goes before a {name}
    if (!has_parameter(a)) return a == b;
    while (!a.empty() && !b.empty()) {
        auto const of_a = take_segment(a);
        auto const of_b = take_segment(b);
        if (is_parameter(of_a) && is_parameter(of_b)) continue;
        if (is_parameter(of_a)   ? !fits_parameter(of_b)
            : is_parameter(of_b) ? !fits_parameter(of_a)
                                 : of_a != of_b)
            return false;
    }
    return a.empty() && b.empty();
}

} // namespace policy::path_template
