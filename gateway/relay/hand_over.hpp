#pragma once
#include "gateway/relay/forward.hpp"
#include "gateway/upstream/held_sockets.hpp"

namespace gateway::relay {

/// Gives a client a socket that was opened before it came: its 101 is made of the one that the upstream gave
/// then, with the answer to this client's own key and the gateway's request id.
[[nodiscard]] task<forwarded>
hand_over(upstream::held_socket held, exchange const& what, client_side& client, services& with);

} // namespace gateway::relay
