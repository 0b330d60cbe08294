/// One accepted TLS connection: reading and writing, and the many ways to end it badly.
#pragma once

#include "tests/simulator/asio.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace simulator {

class wire : public std::enable_shared_from_this<wire> {
public:
    wire(tcp::socket socket, net::ssl::context& tls, std::uint64_t number);

    net::awaitable<bool> shake_hands();

    /// Appends what the peer sent to `inbox`. False when nothing more will come.
    net::awaitable<bool> fill();

    /// Appends what the peer has sent already, or sends within a moment.
    net::awaitable<void> overhear();

    /// False when the peer is gone.
    net::awaitable<bool> write(std::string_view bytes);

    /// An orderly end: close_notify, then up to `linger` for the peer to take what was sent and go.
    net::awaitable<void> finish();

    void reset();              ///< RST, now; whoever ends then did not end by the peer's will
    void end_without_notify(); ///< FIN without close_notify: what an attacker cutting the line can do

    [[nodiscard]] bool cut_by_us() const { return cut_; }

    /// Whether the peer has closed its end, seen without reading from the stream.
    [[nodiscard]] bool departed();

    /// Keeps the kernel from reading ahead for us, so that not reading is felt at the other end.
    void narrow();

    [[nodiscard]] std::string server_name(); ///< SNI
    [[nodiscard]] bool resumed();            ///< its handshake resumed an earlier session

    std::string inbox; ///< read but not yet understood
    net::ssl::stream<tcp::socket> stream;
    std::uint64_t const number;

private:
    net::awaitable<void> drain();

    bool cut_ = false;
};

} // namespace simulator
