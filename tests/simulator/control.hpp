/// The tests' handle on the simulator: plain HTTP on loopback, JSON (see README.md beside this file).
#pragma once

#include "tests/simulator/asio.hpp"

namespace simulator {

struct world;

net::awaitable<void> serve_control(world& sim, tcp::socket socket);

} // namespace simulator
