#pragma once
#include "gateway/upstream/shape_book.hpp"
#include "gateway/wire/head.hpp"
#include "policy/judge.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::relay {

/// The shape of a handshake that a held socket may serve; nothing for every other request. Held are sockets
/// of
/// `/tts/websocket` alone, since idle ones of other routes count as running work (contract §6); for sealed
/// tokens alone, since a cartesia token travels alone; and without a subprotocol. Handshakes are of one shape
/// when query and fields go upstream byte for byte the same, but for `Sec-WebSocket-Key`, and for fields that
/// only say which software the client is and which languages it speaks: nothing documented depends on these,
/// and a held socket was opened without them.
[[nodiscard]] std::optional<upstream::socket_shape>
shape_of(policy::admission const& permit, wire::request_head const& head, std::string_view host);

/// The whole handshake that opens a socket of that shape. No client's address, request id or software is in
/// it.
[[nodiscard]] std::string
opening_handshake(upstream::socket_shape const& shape, std::string_view key, std::string_view bearer);

} // namespace gateway::relay
