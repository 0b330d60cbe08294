#pragma once
#include "gateway/wire/head.hpp"

#include <ostream>

namespace gateway::wire {

inline std::ostream& operator<<(std::ostream& out, head_flaw f)
{
    constexpr std::array names{
        "request_line",
        "version",
        "target_too_long",
        "field_line",
        "too_long",
        "too_many_fields",
        "host",
        "framing",
        "upgrade",
        "expectation",
        "status_line"};
    return out << names.at(static_cast<std::size_t>(f));
}

inline std::ostream& operator<<(std::ostream& out, head_state s)
{
    constexpr std::array names{"complete", "incomplete", "flawed"};
    return out << names.at(static_cast<std::size_t>(s));
}

inline std::ostream& operator<<(std::ostream& out, framing f)
{
    constexpr std::array names{"none", "length", "chunked", "until_close"};
    return out << names.at(static_cast<std::size_t>(f));
}

} // namespace gateway::wire
