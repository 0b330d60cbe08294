#include "tests/fuzz/heads.hpp"
#include "tests/fuzz/targets.hpp"

#include <memory>

namespace fuzz {
namespace {

using namespace gateway::wire;

/// What an earlier request may leave behind in a worker's memory: everything that a head can have.
void soil(request_head& head)
{
    std::size_t scanned = 0;
    auto const got = read_request_head(
        "GET /a HTTP/1.1\r\nHost: b\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
        "13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 0\r\n\r\n",
        {},
        scanned,
        head);
    promise(got.state == head_state::complete && head.websocket, "a handshake is one");
}

/// The verdict on the head, and on the body behind it, is that of the second reader, however the bytes come.
void check(std::string const& text, head_limits const& limits)
{
    auto const wanted = simple::read_request(text, limits);
    auto const behind = std::string_view(text).substr(wanted.bytes);
    auto const wanted_body =
        simple::read_body(std::string(behind), wanted.what.body, wanted.what.content_length);
    auto const head = std::make_unique<request_head>();
    for (unsigned way = 0; way < ways_of_cutting; ++way) {
        soil(*head);
        read_in_pieces(
            text,
            way,
            [&](auto bytes, auto& scanned) { return read_request_head(bytes, limits, scanned, *head); },
            [&](head_result const& got) {
                promise(
                    plain(got, *head) == wanted, "both readers see the same request head, for every split");
            });
        if (wanted.state != head_state::complete) continue;
        promise(
            decode_in_pieces(behind, way, wanted.what.body, wanted.what.content_length) == wanted_body,
            "both readers see the same body, for every split");
    }
}

} // namespace

void request(std::string_view bytes)
{
    auto const text = std::string(bytes);
    check(text, {});
    check(text, tight_limits);
}

} // namespace fuzz
