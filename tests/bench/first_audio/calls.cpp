#include "tests/bench/first_audio/calls.hpp"

#include "tests/end_to_end/support/http.hpp"
#include "tests/end_to_end/support/websocket.hpp"

#include <stdexcept>

namespace first_audio {

namespace {

/// The page is of the gateway's own host, and so of another than the API's.
std::string origin_towards(via how)
{
    return how == via::gateway ? "https://localhost" : "https://app.example.com";
}

std::string_view path_of(call what)
{
    switch (what) {
    case call::bytes:
        return "/tts/bytes";
    case call::sse:
        return "/tts/sse";
    case call::websocket:
        break;
    }
    return "/tts/websocket";
}

/// Raw, so that the first byte of a body is sound and not a WAV's head.
std::string generation(std::string_view more = {})
{
    return R"({"model_id":"sonic-3.6","voice":"a0e99841-438c-4a64-b679-ae501e7d6091","transcript":"Good morning.",)"
           R"("output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":24000})" +
           std::string(more) + "}";
}

e2e::fields headers(destination const& to)
{
    e2e::fields out{
        {"Origin",           origin_towards(to.how)},
        {"Cartesia-Version", "2026-03-01"          },
    };
    out.push_back(to.how == via::gateway ? e2e::cookie(to.token) : e2e::bearer(to.token));
    return out;
}

e2e::client open_socket(destination const& to, e2e::client_options const& tls)
{
    std::string target(path_of(call::websocket));
    target += "?cartesia_version=2026-03-01";
    e2e::fields more{
        {"Origin", origin_towards(to.how)}
    };
    if (to.how == via::gateway)
        more.push_back(e2e::cookie(to.token));
    else
        target += "&access_token=" + to.token;
    return e2e::open_websocket(to.port, target, more, tls);
}

void need(bool holds, char const* what)
{
    if (!holds) throw std::runtime_error(what);
}

e2e::answer ask(e2e::client& over, destination const& to, call what)
{
    auto all = headers(to);
    all.push_back({"Content-Type", "application/json"});
    over.send(e2e::request("POST", path_of(what), all, generation()));
    auto got = e2e::read_head(over);
    need(got.status == 200, "the answer is not 200");
    return got;
}

steady::time_point hear_out(e2e::client& over, e2e::answer& rest)
{
    auto const heard = steady::now();
    while (e2e::read_more(over, rest)) {
    }
    need(rest.whole, "the answer broke off");
    return heard;
}

steady::time_point speak_bytes(e2e::client& over, destination const& to)
{
    auto got = ask(over, to, call::bytes);
    need(e2e::read_more(over, got), "the answer has no body");
    return hear_out(over, got);
}

steady::time_point speak_events(e2e::client& over, destination const& to)
{
    auto got = ask(over, to, call::sse);
    need(e2e::read_until(over, got, "\n\n"), "the answer has no event");
    need(got.body.starts_with("event: chunk\n"), "the first event is no sound");
    return hear_out(over, got);
}

steady::time_point speak_messages(e2e::client& over)
{
    over.send(e2e::text_frame(generation(R"(,"context_id":"one")")));
    auto const first = e2e::read_frame(over).payload;
    auto const heard = steady::now();
    need(first.find(R"("type":"chunk")") != std::string::npos, "the first message is no sound");
    while (e2e::read_frame(over).payload.find(R"("done":true)") == std::string::npos) {
    }
    return heard;
}

} // namespace

std::optional<call> read_call(std::string_view name)
{
    if (name == "bytes") return call::bytes;
    if (name == "sse") return call::sse;
    if (name == "websocket") return call::websocket;
    return {};
}

std::optional<via> read_via(std::string_view name)
{
    if (name == "direct") return via::direct;
    if (name == "gateway") return via::gateway;
    return {};
}

e2e::client open(destination const& to, call what)
{
    e2e::client_options tls;
    tls.ca_file = to.ca_file;
    tls.version_min = TLS1_3_VERSION;
    if (what == call::websocket) return open_socket(to, tls);
    return e2e::client(to.port, tls);
}

void preflight(e2e::client& over, call what)
{
    e2e::fields const asked{
        {"Origin",                         origin_towards(via::direct)                  },
        {"Access-Control-Request-Method",  "POST"                                       },
        {"Access-Control-Request-Headers", "authorization,cartesia-version,content-type"},
    };
    over.send(e2e::request("OPTIONS", path_of(what), asked));
    need(e2e::read_answer(over).status / 100 == 2, "the preflight was refused");
}

steady::time_point speak(e2e::client& over, destination const& to, call what)
{
    switch (what) {
    case call::bytes:
        return speak_bytes(over, to);
    case call::sse:
        return speak_events(over, to);
    case call::websocket:
        break;
    }
    return speak_messages(over);
}

} // namespace first_audio
