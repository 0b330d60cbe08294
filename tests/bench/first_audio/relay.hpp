/// A TCP relay on loopback that stands for a link with a length. Every byte, and each side's FIN, arrives
/// half a round trip after it was sent, in order.
///
/// Making a connection costs a round trip too. The kernel answers a SYN on loopback at once and a user-space
/// relay cannot hold that answer back, so its cost is charged to what follows: bytes that the client sends
/// before one round trip has passed since the accept set out when it has, as if only then had the SYN-ACK
/// come. A connection that was opened ahead of need has that behind it and pays nothing.
///
/// Not modelled: bandwidth, loss, congestion windows, name lookup. A reset travels as a FIN; a target that
/// refuses ends the client's connection at once.
#pragma once
#include "tests/bench/first_audio/delay_line.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace first_audio {

class relay {
public:
    using tcp = boost::asio::ip::tcp;

    /// Listens on 127.0.0.1; port 0 takes any free one.
    relay(boost::asio::io_context& on, std::uint16_t port, tcp::endpoint target, steady::duration round_trip);

    [[nodiscard]] std::uint16_t port() const { return listener_.local_endpoint().port(); }
    /// Accepts and carries until `stop`. Throws when it can no longer accept.
    [[nodiscard]] boost::asio::awaitable<void> serve();
    /// Accepts no more; what is connected goes on.
    void stop() { listener_.close(); }

private:
    tcp::acceptor listener_;
    tcp::endpoint target_;
    steady::duration round_trip_;
};

} // namespace first_audio
