#pragma once
#include <cstdint>

namespace gateway {

/// How near the process is to the end of its memory (`limits.memory`), and what is done about it.
enum class pressure : std::uint8_t {
    none,
    sheds, ///< new requests, also for WebSockets, are refused; what runs goes on
    rests, ///< and no connection is accepted
};

} // namespace gateway
