#pragma once
#include "gateway/base/ip_address.hpp"
#include "gateway/wire/head.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway::wire {

/// The longest header that is read: a line of version 1 has at most 107 bytes; one of version 2 may say 64
/// KiB of itself, but its longest addresses take 216, and certificates in its TLVs a few thousand.
inline constexpr std::size_t proxy_header_bytes_max = 4096;

/// What stands in front of a connection that a proxy hands on (HAProxy's proxy-protocol.txt).
struct proxy_header {
    head_state state = head_state::incomplete;
    std::size_t bytes = 0; ///< its length, when complete; what stands behind it is the client's
    /// Who opened the connection at the proxy. Nothing: it opened the connection for itself (LOCAL), or
    /// cannot say (UNKNOWN, UNSPEC), or not by TCP/IP (UNIX sockets, datagrams).
    std::optional<ip_address> source;
};

/// Reads a header from the start of `bytes`, with the same verdict however they were split: a flaw shows at
/// the first byte that begins neither version, at the end of a line, or with the length of version 2. Nothing
/// is repaired. TLVs are passed over unread, CRC32C too: it says nothing of who sent it. No allocation.
[[nodiscard]] proxy_header read_proxy_header(std::string_view bytes) noexcept;

} // namespace gateway::wire
