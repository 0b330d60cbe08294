#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace gateway::wire {

/// `Sec-WebSocket-Key` for a handshake of the gateway's own: 16 random bytes in base64 (RFC 6455 §4.1).
[[nodiscard]] std::string handshake_key(std::array<std::uint8_t, 16> const& random);

} // namespace gateway::wire
