/// WebSocket handshakes: which socket is wanted, by whom, and what is spoken on it.
#pragma once

#include "tests/simulator/asio.hpp"

#include <memory>

namespace simulator {

class exchange;
class web_socket;
struct caller;

/// Serves one upgrade request to the socket's end.
net::awaitable<void> serve_upgrade(exchange& x);

/// The protocols, each from the 101 to the end of the socket.
net::awaitable<void> talk_tts(exchange& x, caller const& who, std::shared_ptr<web_socket> socket);
net::awaitable<void> talk_stt(exchange& x, caller const& who, std::shared_ptr<web_socket> socket);
net::awaitable<void> talk_turns(exchange& x, caller const& who, std::shared_ptr<web_socket> socket);
net::awaitable<void> talk_line_agent(exchange& x, caller const& who, std::shared_ptr<web_socket> socket);
net::awaitable<void> talk_managed_agent(exchange& x, caller const& who, std::shared_ptr<web_socket> socket);

} // namespace simulator
