#include "tests/simulator/text.hpp"
#include "tests/simulator/transcript.hpp"
#include "tests/simulator/upgrade.hpp"
#include "tests/simulator/web_socket.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace simulator {

namespace json = boost::json;

namespace {

/// What the query says the audio is.
struct audio_form {
    encoding form = encoding::pcm_s16le;
    unsigned sample_rate = 16000;

    [[nodiscard]] double seconds(std::uint64_t bytes) const
    {
        return static_cast<double>(bytes) / (static_cast<double>(sample_bytes(form)) * sample_rate);
    }
};

std::optional<audio_form> read_form(request_head const& head)
{
    query const asked{head.target};
    auto const form = read_encoding(asked.get("encoding", "pcm_s16le"));
    auto const rate = read_number<unsigned>(asked.get("sample_rate", "16000"));
    if (!form || !rate || *rate == 0 || asked.get("model").empty()) return {};
    return audio_form{*form, *rate};
}

/// Refuses what the query lacks: an error event, then 1008.
net::awaitable<void> refuse_query(exchange& x, std::shared_ptr<web_socket> socket)
{
    auto const why = bad_input("model is required; encoding and sample_rate must be known ones");
    auto const event = error_event(why, speech_side::stt, structured_errors(x.version), x.request_id, {});
    co_await socket->send_text(json::serialize(event));
    co_await socket->close(1008, why.message);
}

std::string statement(audio_form const& as, double seconds)
{
    return heard(
        {.container = {},
         .form = std::string{name_of(as.form)},
         .sample_rate = as.sample_rate,
         .seconds = seconds});
}

json::object simple_event(std::string_view type, std::string_view request_id)
{
    json::object out;
    out["type"] = type;
    out["request_id"] = request_id;
    return out;
}

/// One manual-finalize conversation.
struct listener {
    audio_form as;
    std::string request_id, language;
    std::uint64_t pending = 0; ///< audio bytes since the last final transcript
    double told = 0;           ///< seconds of the pending audio at the last interim transcript

    [[nodiscard]] json::object transcript(bool final) const
    {
        auto const seconds = as.seconds(pending);
        auto const text = statement(as, seconds);
        auto out = simple_event("transcript", request_id);
        out["is_final"] = final;
        out["text"] = text;
        out["duration"] = seconds;
        out["language"] = language;
        out["words"] = words_of(text, seconds);
        return out;
    }
};

net::awaitable<void> hear(listener& l, web_socket& socket, std::uint64_t bytes)
{
    l.pending += bytes;
    auto const seconds = l.as.seconds(l.pending);
    if (seconds - l.told < 1) co_return;
    l.told = seconds;
    co_await socket.send_text(json::serialize(l.transcript(false)));
}

net::awaitable<void> finalize(listener& l, web_socket& socket)
{
    if (l.pending != 0) co_await socket.send_text(json::serialize(l.transcript(true)));
    l.pending = 0;
    l.told = 0;
}

/// Whether any sample of the message is loud enough to be a voice; only 16-bit PCM is looked into.
bool voiced(audio_form const& as, std::string_view bytes)
{
    if (as.form != encoding::pcm_s16le) return true;
    for (std::size_t i = 1; i < bytes.size(); i += 2) {
        int const high = static_cast<signed char>(bytes[i]);
        if (high > 0 || high < -1) return true;
    }
    return false;
}

/// One conversation in turns: speech begins a turn, half a second of silence ends it.
struct turns {
    audio_form as;
    std::string request_id;
    bool speaking = false, eager = false;
    std::uint64_t spoken = 0, silent = 0, updated = 0; ///< bytes
};

json::object turn_event(turns const& t, std::string_view type, bool with_transcript)
{
    auto out = simple_event(type, t.request_id);
    if (with_transcript) out["transcript"] = statement(t.as, t.as.seconds(t.spoken));
    return out;
}

/// What one message of audio brings about, in order.
std::vector<json::object> hear_turn(turns& t, std::string_view bytes)
{
    std::vector<json::object> out;
    bool const voice = voiced(t.as, bytes);
    if (!t.speaking && !voice) return out;
    if (!t.speaking) out.push_back(turn_event(t, "turn.start", false));
    if (voice && t.eager) out.push_back(turn_event(t, "turn.resume", false));
    t.speaking = true;
    t.spoken += bytes.size();
    t.silent = voice ? 0 : t.silent + bytes.size();
    if (voice) t.eager = false;
    if (t.as.seconds(t.spoken - t.updated) >= 0.5) {
        t.updated = t.spoken;
        out.push_back(turn_event(t, "turn.update", true));
    }
    if (!t.eager && t.as.seconds(t.silent) >= 0.3) {
        t.eager = true;
        out.push_back(turn_event(t, "turn.eager_end", true));
    }
    if (t.as.seconds(t.silent) >= 0.5) {
        out.push_back(turn_event(t, "turn.end", true));
        t = turns{.as = t.as, .request_id = t.request_id};
    }
    return out;
}

/// The `type` of a JSON message; empty when it is none.
std::string type_of(std::string_view text)
{
    json::error_code ec;
    auto const value = json::parse(text, ec);
    if (ec || !value.is_object()) return {};
    auto const* type = value.get_object().if_contains("type");
    if (type == nullptr || !type->is_string()) return {};
    return std::string{std::string_view{type->get_string()}};
}

net::awaitable<void> complain(exchange& x, web_socket& socket, std::string message)
{
    auto const why = bad_input(std::move(message));
    auto const event = error_event(why, speech_side::stt, structured_errors(x.version), x.request_id, {});
    co_await socket.send_text(json::serialize(event));
}

} // namespace

net::awaitable<void> talk_stt(exchange& x, caller const&, std::shared_ptr<web_socket> socket)
{
    auto const as = read_form(x.head);
    if (!as) {
        co_await refuse_query(x, socket);
        co_return;
    }
    query const asked{x.head.target};
    listener l{.as = *as, .request_id = x.request_id, .language = std::string{asked.get("language", "en")}};
    for (;;) {
        auto const got = co_await socket->receive();
        if (!got) break;
        if (!got->text) {
            co_await hear(l, *socket, got->data.size());
        } else if (got->data == "finalize") {
            co_await finalize(l, *socket);
            co_await socket->send_text(json::serialize(simple_event("flush_done", l.request_id)));
        } else if (got->data == "close" || got->data == "done") {
            co_await finalize(l, *socket);
            co_await socket->send_text(json::serialize(simple_event("done", l.request_id)));
            co_await socket->close(1000, {});
        } else {
            co_await complain(x, *socket, "expected finalize, close or done");
        }
    }
}

net::awaitable<void> talk_turns(exchange& x, caller const&, std::shared_ptr<web_socket> socket)
{
    auto const as = read_form(x.head);
    if (!as) {
        co_await refuse_query(x, socket);
        co_return;
    }
    turns t{.as = *as, .request_id = x.request_id};
    co_await socket->send_text(json::serialize(simple_event("connected", t.request_id)));
    for (;;) {
        auto const got = co_await socket->receive();
        if (!got) break;
        if (!got->text) {
            auto const events = hear_turn(t, got->data);
            for (auto const& event : events)
                co_await socket->send_text(json::serialize(event));
            continue;
        }
        auto const type = type_of(got->data);
        if (type == "close") {
            if (t.speaking) co_await socket->send_text(json::serialize(turn_event(t, "turn.end", true)));
            co_await socket->close(1000, {});
        } else if (type != "config") {
            co_await complain(x, *socket, "expected a message of type config or close");
        }
    }
}

} // namespace simulator
