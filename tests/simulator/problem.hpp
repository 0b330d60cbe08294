/// What can be wrong with a request, and how each API version and protocol words it (contract §5).
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace simulator {

struct problem {
    unsigned status = 400;
    std::string code; ///< empty: Cartesia publishes none, `null` on the wire
    std::string title;
    std::string message;
};

[[nodiscard]] problem bad_input(std::string message);
[[nodiscard]] problem unauthorized(std::string message);
[[nodiscard]] problem forbidden(std::string message);
[[nodiscard]] problem over_the_limit(std::string message);

/// Whether that version words errors as JSON: known, and 2026-03-01 or later. Absent and invalid ones do not.
[[nodiscard]] bool structured_errors(std::string_view cartesia_version);

/// The body of an HTTP answer: JSON (§5.1) or "Title: Message" (§5.2).
[[nodiscard]] std::string http_body(problem const& what, bool structured, std::string_view request_id);

/// An error event on the speech sockets and in SSE (§5.3 to §5.5). `context_id` may be empty.
enum class speech_side { tts, stt };
[[nodiscard]] boost::json::object error_event(
    problem const& what,
    speech_side side,
    bool structured,
    std::string_view request_id,
    std::string_view context_id);

} // namespace simulator
