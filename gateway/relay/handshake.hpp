#pragma once
#include "gateway/wire/head.hpp"

#include <string_view>

namespace gateway::relay {

/// True when the upstream's 101 answers the WebSocket handshake that was sent (RFC 6455 §4.1): `Upgrade`,
/// `Connection`, `Sec-WebSocket-Accept` for `key`, no extension (none is ever offered), and no subprotocol
/// but one of `protocols`. An empty `key`: no handshake was sent, so no 101 is an answer.
[[nodiscard]] bool
is_switch_we_asked_for(wire::response_head const& head, std::string_view key, std::string_view protocols);

} // namespace gateway::relay
