#include "tests/simulator/base64.hpp"
#include "tests/simulator/endpoints.hpp"
#include "tests/simulator/exchange.hpp"
#include "tests/simulator/tts.hpp"

#include <boost/json.hpp>

namespace simulator {

namespace json = boost::json;

namespace {

/// What both endpoints begin with: a request understood, and a place among those that speak.
struct started {
    tts_request request;
    pool::place place;
    std::shared_ptr<speech const> said;
};

std::variant<started, problem> start(exchange& x, tts_surface surface)
{
    json::error_code ec;
    auto const value = json::parse(x.body, ec);
    if (ec || !value.is_object()) return bad_input("the body is not a JSON object");
    auto request = read_tts(value.get_object(), surface, x.version);
    if (auto* wrong = std::get_if<problem>(&request)) return std::move(*wrong);
    auto place = x.sim.tts.take();
    if (!place) return over_the_limit("too many generations at once");
    auto& wanted = std::get<tts_request>(request);
    auto said = x.sim.voice.say(wanted.transcript, wanted.language, wanted.speed);
    return started{.request = std::move(wanted), .place = std::move(*place), .said = std::move(said)};
}

std::string frame(json::object const& event)
{
    auto const type = std::string{std::string_view{event.at("type").get_string()}};
    return "event: " + type + "\ndata: " + json::serialize(event) + "\n\n";
}

/// One piece, and the pause after it. False when nobody listens any more.
net::awaitable<bool> stream_piece(exchange& x, std::string_view bytes)
{
    bool const taken = co_await x.piece(bytes);
    if (!taken) co_return false;
    bool const still_there = co_await x.sim.pause(*x.client, x.sim.settings.chunk_pause);
    if (!still_there) x.left = true;
    co_return still_there;
}

net::awaitable<void> stream_bytes(exchange& x, started const& go)
{
    bool const wav = go.request.container == "wav";
    reply answer{
        .status = 200, .type = wav ? "audio/wav" : "application/octet-stream", .body = {}, .headers = {}};
    if (go.request.save)
        answer.headers.emplace_back("Cartesia-File-ID", "file_" + base64url(random_bytes(12)));
    bool going = co_await x.begin(std::move(answer));
    auto const pieces = in_pieces(*go.said, go.request);
    for (std::size_t i = 0; going && i < pieces.size(); ++i)
        going = co_await stream_piece(x, pieces[i]);
    if (going) co_await x.end();
}

net::awaitable<void> stream_events(exchange& x, started const& go)
{
    reply answer{.status = 200, .type = "text/event-stream", .body = {}, .headers = {}};
    answer.headers.emplace_back("Cache-Control", "no-cache");
    bool going = co_await x.begin(std::move(answer));
    tts_event_of const of{.context_id = go.request.context_id};
    auto const pieces = in_pieces(*go.said, go.request);
    for (std::size_t i = 0; going && i < pieces.size(); ++i) {
        auto const text = frame(chunk_event(pieces[i], of));
        going = co_await stream_piece(x, text);
        if (i != 0 || !going) continue;
        if (go.request.timestamps) going = co_await x.piece(frame(timestamps_event(*go.said, 0, of)));
        if (going && go.request.phonemes) going = co_await x.piece(frame(phonemes_event(*go.said, 0, of)));
    }
    auto const last = frame(done_event(of));
    if (going && co_await x.piece(last)) co_await x.end();
}

} // namespace

net::awaitable<void> answer_tts_bytes(exchange& x)
{
    auto const go = start(x, tts_surface::bytes);
    if (std::holds_alternative<problem>(go))
        co_await x.refuse(std::get<problem>(go));
    else
        co_await stream_bytes(x, std::get<started>(go));
}

net::awaitable<void> answer_tts_sse(exchange& x)
{
    auto const go = start(x, tts_surface::sse);
    if (std::holds_alternative<problem>(go))
        co_await x.refuse(std::get<problem>(go));
    else
        co_await stream_events(x, std::get<started>(go));
}

} // namespace simulator
