#pragma once
#include "gateway/base/config.hpp"

namespace gateway::wire {

/// Has the kernel ask, by itself, whether the machine at the other end is still there (RFC 9293 §3.8.4), and
/// end the connection when nothing has come back for `limits.peer_silence`: no FIN comes from a machine or a
/// network that is gone. What was sent and is not acknowledged counts alike (RFC 5482), but not before
/// `limits.write_stall`: a peer that takes nothing is there. Sockets that a listener accepts inherit it.
void keep_alive(int descriptor, limits_config const& limits) noexcept;

} // namespace gateway::wire
