#include "tests/bench/instructions/parts.hpp"

#include "tests/bench/samples.hpp"

#include <array>

namespace bench {

namespace {

constexpr auto rounds = 20;
constexpr auto pieces = 100;
constexpr std::size_t piece_bytes = 4096;
constexpr std::size_t message_bytes = 200;

/// Handshake and farewell: what a connection costs besides OpenSSL's part.
void connections(stand& at)
{
    for (auto i = 0; i < rounds; ++i) {
        at.connect();
        at.part();
    }
}

/// A browser's request for speech on a connection that is open already, and its short answer.
void post_with(stand& at, std::string_view token)
{
    auto const body = speech_request();
    auto const request = browser_post(token, body.size()).append(body);
    std::string const payload(message_bytes, 'a');
    auto const answer = answer_with_length("audio/wav", payload.size()) + payload;
    at.connect();
    for (auto i = 0; i < rounds; ++i) {
        at.client_sends(request, body);
        at.upstream_sends(answer, payload);
    }
    at.part();
}

void small_post(stand& at) { post_with(at, at.token()); }

void small_post_cartesia_token(stand& at) { post_with(at, cartesia_token()); }

/// Asks for speech, until the head of a chunked answer is there.
void ask_for_stream(stand& at, std::string_view type)
{
    auto const body = speech_request();
    at.client_sends(browser_post(at.token(), body.size()).append(body), body);
    at.upstream_sends(answer_in_chunks(type), "\r\n\r\n");
}

void stream(stand& at, std::string_view type, std::string const& piece)
{
    auto const sent = chunk(piece);
    at.connect();
    ask_for_stream(at, type);
    for (auto i = 0; i < pieces; ++i)
        at.upstream_sends(sent, "\r\n");
    at.upstream_sends("0\r\n\r\n", "0\r\n\r\n");
    at.part();
}

void streamed_body(stand& at) { stream(at, "audio/wav", std::string(piece_bytes, 'a')); }

void sse_events(stand& at) { stream(at, "text/event-stream", speech_event(message_bytes)); }

void upload(stand& at)
{
    auto const piece = chunk(std::string(piece_bytes, 'a'));
    auto const head = post(
        "/stt",
        "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\nAuthorization: "
        "Bearer " +
            at.token() + "\r\n");
    at.connect();
    at.client_sends(head, "\r\n\r\n");
    for (auto i = 0; i < pieces; ++i)
        at.client_sends(piece, "\r\n");
    at.client_sends("0\r\n\r\n", "0\r\n\r\n");
    at.upstream_sends(answer_with_length("application/json", 2) + "{}", "{}");
    at.part();
}

void open_websocket(stand& at)
{
    at.connect();
    at.client_sends(websocket_request(at.token()), "\r\n\r\n");
    at.upstream_sends(websocket_answer(), "\r\n\r\n");
}

/// Both sides close, the client first.
void close_websocket(stand& at)
{
    constexpr std::string_view from_client{"\x88\x82\0\0\0\0\x03\xe8", 8};
    constexpr std::string_view from_upstream{"\x88\x02\x03\xe8", 4};
    at.client_sends(from_client, from_client);
    at.upstream_sends(from_upstream, from_upstream);
    at.upstream_leaves();
    at.part();
}

void websocket_open_and_close(stand& at)
{
    for (auto i = 0; i < rounds; ++i) {
        open_websocket(at);
        close_websocket(at);
    }
}

void websocket_echo(stand& at)
{
    auto const question = text_frame(message_bytes, true);
    auto const reply = text_frame(message_bytes, false);
    open_websocket(at);
    for (auto i = 0; i < pieces; ++i) {
        at.client_sends(question, question);
        at.upstream_sends(reply, reply);
    }
    close_websocket(at);
}

void websocket_push(stand& at)
{
    auto const frame = text_frame(piece_bytes, false);
    open_websocket(at);
    for (auto i = 0; i < pieces; ++i)
        at.upstream_sends(frame, frame);
    close_websocket(at);
}

/// No token: 401, and the connection goes on.
void refusal(stand& at)
{
    auto const body = speech_request();
    auto const request = browser_post("", body.size()).append(body);
    at.connect();
    for (auto i = 0; i < rounds; ++i)
        at.client_asks(request, "}");
    at.part();
}

} // namespace

std::span<part const> all_parts() noexcept
{
    static constexpr std::array parts{
        part{"connections",               connections              },
        part{"small_post",                small_post               },
        part{"small_post_cartesia_token", small_post_cartesia_token},
        part{"refusal",                   refusal                  },
        part{"streamed_body",             streamed_body            },
        part{"sse_events",                sse_events               },
        part{"upload",                    upload                   },
        part{"websocket_open_and_close",  websocket_open_and_close },
        part{"websocket_echo",            websocket_echo           },
        part{"websocket_push",            websocket_push           },
    };
    return parts;
}

} // namespace bench
