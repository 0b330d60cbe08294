/// What a page asks the voice API for, and the moment at which the first sound of the answer is there.
#pragma once
#include "tests/end_to_end/support/client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace first_audio {

using steady = std::chrono::steady_clock;

enum class call : std::uint8_t { bytes, sse, websocket };
[[nodiscard]] std::optional<call> read_call(std::string_view name); ///< "bytes", "sse", "websocket"

/// Whom the page speaks to. Its token goes where a browser can put it: to the gateway, which is of its own
/// site, as a cookie; to the API itself as a Bearer token, or in a WebSocket's query.
enum class via : std::uint8_t { direct, gateway };
[[nodiscard]] std::optional<via> read_via(std::string_view name); ///< "direct", "gateway"

struct destination {
    std::uint16_t port = 0;
    via how = via::direct;
    std::string token;
    std::string ca_file;
};

/// TCP and TLS; for the WebSocket its handshake too.
[[nodiscard]] e2e::client open(destination const& to, call what);

/// The OPTIONS request that a browser sends first, because `Authorization` to another site is not simple.
void preflight(e2e::client& over, call what);

/// Asks for a short sentence and hears the answer out, so that the connection is as it was. Returns when the
/// first audio had come: a byte of the body, a whole event, a whole message.
[[nodiscard]] steady::time_point speak(e2e::client& over, destination const& to, call what);

} // namespace first_audio
