/// A connection's life: handshake, then requests one after another until either side has had enough.
#pragma once

#include "tests/simulator/asio.hpp"

#include <memory>

namespace simulator {

class wire;
struct world;

net::awaitable<void> serve_connection(world& sim, std::shared_ptr<wire> client);

} // namespace simulator
