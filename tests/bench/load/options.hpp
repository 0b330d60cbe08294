/// What the load generator is asked to do.
#pragma once
#include "tests/bench/wire/clock.hpp"

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace bench::load {

enum class work : std::uint8_t {
    http,           ///< POST after POST on kept connections
    sse,            ///< the same, with events that tell when they left
    echo,           ///< a WebSocket message out, the same back
    push,           ///< a WebSocket message out, many back
    handshake,      ///< TLS handshakes, each on a connection of its own
    idle_https,     ///< one request, then silence
    idle_websocket, ///< an opened WebSocket, then silence
};

/// A process whose processor time is measured beside ours.
struct watched_process {
    std::string name;
    pid_t id = 0;
};

using seconds = std::chrono::duration<double>;

struct options {
    work kind = work::http;
    std::uint16_t port = 0;
    std::size_t connections = 64;
    std::string path = "/tts/bytes";
    std::string cookie; ///< the token; empty: none is sent
    std::size_t body_bytes = 300;
    std::size_t message_bytes = 200;
    std::size_t push_messages = 100;
    std::size_t push_bytes = 4096;
    bool resume = false;
    seconds warm_up{1};
    seconds duration{3};
    std::size_t operations_min = 0; ///< measures until there were as many, however slow the machine
    seconds stagger{0};             ///< spreads the first requests over that time
    seconds hold{0};                ///< how long idle connections stay
    std::vector<watched_process> watched;
};

struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[nodiscard]] options read_options(std::span<std::string const> words);

[[nodiscard]] constexpr bool is_idle(work kind)
{
    return kind == work::idle_https || kind == work::idle_websocket;
}

} // namespace bench::load
