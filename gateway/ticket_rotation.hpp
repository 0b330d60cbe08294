#pragma once
#include "certs/tls_context.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace gateway {

/// Turns the keys of session tickets again and again. For the control thread alone.
class ticket_rotation {
public:
    /// `keys` must outlive the object.
    ticket_rotation(
        boost::asio::io_context& control, certs::ticket_keys& keys, std::chrono::milliseconds every);

    void start();
    /// From now on so often.
    void change(std::chrono::milliseconds every);

private:
    boost::asio::steady_timer timer_;
    certs::ticket_keys* keys_;
    std::chrono::milliseconds every_;
};

} // namespace gateway
