#include "tests/simulator/problem.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace simulator {

namespace json = boost::json;

namespace {

json::value code_of(problem const& what)
{
    if (what.code.empty()) return nullptr;
    return json::value(what.code);
}

} // namespace

problem bad_input(std::string message) { return {400, {}, "Bad input", std::move(message)}; }
problem unauthorized(std::string message) { return {401, {}, "Unauthorized", std::move(message)}; }
problem forbidden(std::string message) { return {403, {}, "Forbidden", std::move(message)}; }
problem over_the_limit(std::string message)
{
    return {429, "concurrency_limited", "Over the limit", std::move(message)};
}

bool structured_errors(std::string_view cartesia_version)
{
    constexpr std::array with_json{std::string_view{"2026-03-01"}, std::string_view{"2026-08-14"}};
    return std::ranges::find(with_json, cartesia_version) != with_json.end();
}

std::string http_body(problem const& what, bool structured, std::string_view request_id)
{
    if (!structured) return what.title + ": " + what.message;
    json::object const body{
        {"error_code", code_of(what)},
        {"title",      what.title   },
        {"message",    what.message },
        {"request_id", request_id   },
    };
    return json::serialize(body);
}

json::object error_event(
    problem const& what,
    speech_side side,
    bool structured,
    std::string_view request_id,
    std::string_view context_id)
{
    json::object event{
        {"type", "error"},
    };
    if (side == speech_side::tts && !context_id.empty()) event["context_id"] = context_id;
    if (side == speech_side::tts) event["done"] = true;
    if (structured) {
        event["status_code"] = what.status;
        event["error_code"] = code_of(what);
        event["title"] = what.title;
        event["message"] = what.message;
        event["request_id"] = request_id;
    } else if (side == speech_side::tts) {
        event["status_code"] = what.status;
        event["error"] = what.title + ": " + what.message;
    } else {
        event["request_id"] = request_id;
        event["message"] = what.title + ": " + what.message;
    }
    return event;
}

} // namespace simulator
