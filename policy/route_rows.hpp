#pragma once
#include "policy/path_template.hpp"
#include "policy/route.hpp"

#include <array>

/// The built-in rows of the policy table (contract §3): to see or change what a grant opens, this is the
/// place.
namespace policy::route_rows {

inline constexpr method_set get{method::get};
inline constexpr method_set post{method::post};

// clang-format off
inline constexpr std::array built_in{
    route{post, "/tts/bytes",                         transport::http,      grant::tts},
    route{post, "/tts/sse",                           transport::http,      grant::tts},
    route{post, "/tts/{name}",                        transport::http,      grant::tts},
    route{get,  "/tts/websocket",                     transport::websocket, grant::tts},

    route{post, "/stt",                               transport::http,      grant::stt},
    route{post, "/stt/{name}",                        transport::http,      grant::stt},
    route{post, "/audio/transcriptions",              transport::http,      grant::stt},
    route{get,  "/stt/websocket",                     transport::websocket, grant::stt},
    route{get,  "/stt/turns/websocket",               transport::websocket, grant::stt},

    // One segment, so never `.../sessions`: that one mints, and is for API keys alone.
    route{get,  "/agents/stream/{agent_id}",          transport::websocket, grant::agent},
    route{get,  "/v1/agents/websocket/{agent_id}",    transport::websocket, grant::agent},
};
// clang-format on

constexpr bool share_a_method(method_set a, method_set b) noexcept
{
    using enum method;
    for (auto m : {get, head, post, put, patch, del, options})
        if (a.has(m) && b.has(m)) return true;
    return false;
}

/// Whether one request could be served by both rows; then the verdict would hang on their order.
constexpr bool collide(route const& a, route const& b) noexcept
{
    return a.over == b.over && share_a_method(a.methods, b.methods) && path_template::collide(a.path, b.path);
}

template <std::size_t N>
constexpr bool none_collide(std::array<route, N> const& rows) noexcept
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (collide(rows[i], rows[j])) return false;
    return true;
}

static_assert(none_collide(built_in), "two rows serve one request: the verdict would depend on their order");
static_assert(
    std::ranges::all_of(built_in, [](route const& row) { return path_template::flaw(row.path).empty(); }),
    "a built-in path is no path template");

} // namespace policy::route_rows
