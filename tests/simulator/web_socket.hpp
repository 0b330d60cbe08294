/// A WebSocket of the simulator: messages in and out, one close, and a tally of what passed. Beast stands
/// behind it, in web_socket.cpp only, because it takes long to compile.
#pragma once

#include "tests/simulator/exchange.hpp"

namespace simulator {

struct message {
    bool text = true;
    std::string data;
};

class web_socket : public std::enable_shared_from_this<web_socket> {
public:
    static constexpr std::size_t message_bytes_max = 64 * 1024 * 1024;

    /// Answers the handshake with 101. Null when the handshake is malformed (Beast has answered then).
    static net::awaitable<std::shared_ptr<web_socket>> accept(exchange& x);

    ~web_socket();
    web_socket(web_socket const&) = delete;
    web_socket& operator=(web_socket const&) = delete;

    /// Nothing when the socket is closed, by whomever.
    net::awaitable<std::optional<message>> receive();

    /// False when the socket is closed. Any number of coroutines may send; their messages stay whole.
    net::awaitable<bool> send_text(std::string text);
    net::awaitable<bool> send_binary(std::string bytes);

    /// Acts once only: a second close would meet an assertion of Beast's.
    net::awaitable<void> close(unsigned code, std::string reason);
    void close_soon(unsigned code, std::string reason); ///< the same, without waiting

    void drop(); ///< RST

    [[nodiscard]] bool open() const;
    [[nodiscard]] socket_tally const& tally() const;

    /// Closes with 1000 "connection idle timeout" when nothing comes for so long; 0 is for ever.
    void limit_idling(std::chrono::seconds time, bool pings_count);

private:
    struct parts;
    web_socket(std::shared_ptr<record> entry, std::shared_ptr<wire> client, bell& changes);

    net::awaitable<bool> send(bool text, std::string data);
    void note_end(error_code why);
    void touch();

    std::unique_ptr<parts> parts_;
};

} // namespace simulator
