#pragma once
#include "gateway/service_manager.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace gateway {

/// Says `alive` to the service manager twice in its patience, for as long as everyone is: who hangs must not
/// be vouched for by a timer beside it. Says nothing where nobody listens. For the control thread alone.
class watchdog {
public:
    using clock = std::chrono::steady_clock;

    /// `last_turn`: when the one that has been silent for longest was last seen to do something.
    watchdog(
        boost::asio::io_context& control,
        service_manager const& to,
        std::function<clock::time_point()> last_turn);

    void start();

private:
    void wait();

    service_manager const& to_;
    std::function<clock::time_point()> last_turn_;
    boost::asio::steady_timer due_;
};

} // namespace gateway
