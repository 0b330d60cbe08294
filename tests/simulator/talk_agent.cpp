#include "tests/simulator/base64.hpp"
#include "tests/simulator/tts.hpp"
#include "tests/simulator/upgrade.hpp"
#include "tests/simulator/web_socket.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace simulator {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds first_event_within{10}; // managed agents only

std::optional<json::object> read_object(std::string_view text)
{
    json::error_code ec;
    auto const value = json::parse(text, ec);
    if (ec || !value.is_object()) return {};
    return value.get_object();
}

std::string text_of(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string{std::string_view{value->get_string()}};
}

json::object object_of(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    if (value == nullptr || !value->is_object()) return {};
    return value->get_object();
}

/// The words as sound in one of the agents' formats, in pieces, Base64.
std::vector<std::string> spoken(world& sim, std::string_view words, std::string_view format)
{
    tts_request as;
    as.container = "raw";
    as.sample_rate = 16000;
    if (format == "mulaw_8000") as.sample_rate = 8000;
    if (format == "mulaw_8000") as.form = encoding::pcm_mulaw;
    if (format == "pcm_24000") as.sample_rate = 24000;
    if (format == "pcm_44100") as.sample_rate = 44100;
    auto pieces = in_pieces(*sim.voice.say(words, "en", 1), as);
    std::ranges::transform(pieces, pieces.begin(), [](auto const& p) { return base64(p); });
    return pieces;
}

// ------------------------------------------------------------------ Line: /agents/stream/{agent_id}

json::object line_event(std::string_view name, std::string_view stream_id)
{
    json::object out;
    out["event"] = name;
    out["stream_id"] = stream_id;
    return out;
}

std::string media(std::string_view stream_id, std::string payload)
{
    json::object inner;
    inner["payload"] = std::move(payload);
    auto out = line_event("media_output", stream_id);
    out["media"] = std::move(inner);
    return json::serialize(out);
}

net::awaitable<void> begin_line(exchange& x, web_socket& socket, json::object start, std::string stream_id)
{
    auto ack = line_event("ack", stream_id);
    for (auto const* key : {"config", "agent"})
        if (auto const* value = start.if_contains(key)) ack[key] = *value;
    co_await socket.send_text(json::serialize(ack));
    auto const introduction = text_of(object_of(start, "agent"), "introduction");
    if (introduction.empty()) co_return;
    auto const pieces = spoken(x.sim, introduction, text_of(object_of(start, "config"), "input_format"));
    for (auto const& piece : pieces)
        co_await socket.send_text(media(stream_id, piece));
}

/// Says back what it is told; `custom` with metadata.hang_up ends the call.
net::awaitable<void> answer_line(web_socket& socket, json::object event, std::string stream_id)
{
    auto const name = text_of(event, "event");
    if (name == "media_input") {
        co_await socket.send_text(media(stream_id, text_of(object_of(event, "media"), "payload")));
    } else if (name == "dtmf" || name == "custom") {
        bool const hang_up = object_of(event, "metadata").contains("hang_up");
        event["stream_id"] = stream_id;
        co_await socket.send_text(json::serialize(event));
        if (hang_up) co_await socket.close(1000, "call ended by agent");
    }
}

// ------------------------------------------------------------------ managed: /v1/agents/websocket/{agent_id}

struct agent_fault {
    std::string code, message;
};

/// What is wrong with the first message. Nothing when it opens the call.
std::optional<agent_fault> check_create(std::optional<json::object> const& first, caller const& who)
{
    if (!first || text_of(*first, "type") != "session_create")
        return agent_fault{"invalid_event", "the first message must be session_create"};
    for (auto const& [key, value] : *first)
        if (key != "type" && key != "audio" && key != "dynamic_variables")
            return agent_fault{"invalid_event", "unknown field " + std::string{std::string_view{key}}};
    if (!first->contains("dynamic_variables")) return {};
    if (who.token && !who.rights.session)
        return agent_fault{"dynamic_variables_not_allowed", "access tokens may not set dynamic variables"};
    auto const* variables = first->if_contains("dynamic_variables");
    if (!variables->is_object() || variables->get_object().size() > 64)
        return agent_fault{"invalid_dynamic_variables", "at most 64 dynamic variables"};
    return {};
}

net::awaitable<void> complain(web_socket& socket, agent_fault what, bool fatal)
{
    json::object event;
    event["type"] = "error";
    event["code"] = what.code;
    event["message"] = what.message;
    event["fatal"] = fatal;
    co_await socket.send_text(json::serialize(event));
    if (fatal) co_await socket.close(1008, what.message);
}

json::object turn_event(std::string_view type)
{
    json::object out;
    out["type"] = type;
    out["turn"] = 1;
    out["role"] = "agent";
    return out;
}

net::awaitable<void> begin_managed(exchange& x, web_socket& socket, json::object create)
{
    constexpr std::string_view greeting = "Hello, how can I help?";
    auto const audio = object_of(create, "audio");
    auto const path = x.head.path();
    json::object ready;
    ready["type"] = "session_ready";
    ready["call_id"] = "call_" + new_uuid();
    ready["agent_id"] = path.substr(path.rfind('/') + 1);
    ready["agent_version_id"] = "version_1";
    ready["audio"] = audio;
    co_await socket.send_text(json::serialize(ready));

    auto started = turn_event("turn_started");
    started["start_time"] = 0.0;
    co_await socket.send_text(json::serialize(started));
    auto delta = turn_event("turn_output_text_delta");
    delta["text"] = greeting;
    co_await socket.send_text(json::serialize(delta));
    auto const pieces = spoken(x.sim, greeting, text_of(audio, "input_format"));
    for (auto const& piece : pieces) {
        json::object sound;
        sound["type"] = "audio_output";
        sound["audio"] = piece;
        co_await socket.send_text(json::serialize(sound));
    }
    auto ended = turn_event("turn_ended");
    ended["text"] = greeting;
    ended["interrupted"] = false;
    ended["start_time"] = 0.0;
    ended["end_time"] = 1.5;
    ended["tool_calls"] = json::array{};
    co_await socket.send_text(json::serialize(ended));
}

/// Says back what it is told.
net::awaitable<void> answer_managed(web_socket& socket, std::optional<json::object> event)
{
    auto const type = event ? text_of(*event, "type") : std::string{};
    json::object out;
    if (type == "audio_input") {
        out["type"] = "audio_output";
        out["audio"] = text_of(*event, "audio");
    } else if (type == "dtmf_input") {
        out["type"] = "dtmf_output";
        out["digit"] = text_of(*event, "digit");
    } else if (type != "client_tool_result") {
        agent_fault const what{"invalid_event", "unknown event"};
        co_await complain(socket, what, false);
        co_return;
    } else if (text_of(*event, "tool_call_id").size() > 256 || text_of(*event, "result").size() > 4096) {
        agent_fault const what{"invalid_event", "the tool result is too long"};
        co_await complain(socket, what, false);
        co_return;
    }
    if (!out.empty()) co_await socket.send_text(json::serialize(out));
}

} // namespace

net::awaitable<void> talk_line_agent(exchange& x, caller const&, std::shared_ptr<web_socket> socket)
{
    auto const first = co_await socket->receive();
    if (!first) co_return;
    auto const start = read_object(first->data);
    if (!start || text_of(*start, "event") != "start") {
        co_await socket->close(1008, "the first event must be start");
        co_return;
    }
    auto stream_id = text_of(*start, "stream_id");
    if (stream_id.empty()) stream_id = "stream_" + new_uuid();
    co_await begin_line(x, *socket, *start, stream_id);
    for (;;) {
        auto const got = co_await socket->receive();
        if (!got) break;
        auto const event = read_object(got->data);
        if (event) co_await answer_line(*socket, *event, stream_id);
    }
}

net::awaitable<void> talk_managed_agent(exchange& x, caller const& who, std::shared_ptr<web_socket> socket)
{
    net::steady_timer patience{x.sim.on, first_event_within};
    patience.async_wait([socket](error_code ec) {
        if (!ec) socket->close_soon(1008, "no session_create within 10 seconds");
    });
    auto const first = co_await socket->receive();
    patience.cancel();
    if (!first) co_return;
    auto const create = read_object(first->data);
    auto const wrong = check_create(create, who);
    if (wrong) {
        co_await complain(*socket, *wrong, true);
        co_return;
    }
    co_await begin_managed(x, *socket, *create);
    for (;;) {
        auto const got = co_await socket->receive();
        if (!got) break;
        auto event = read_object(got->data);
        co_await answer_managed(*socket, std::move(event));
    }
}

} // namespace simulator
