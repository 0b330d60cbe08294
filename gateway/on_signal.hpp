#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace gateway {

/// Runs `then` on the control thread at each SIGHUP; those that come meanwhile are one.
class hangup {
public:
    hangup(boost::asio::io_context& control, std::function<void()> then);

private:
    void await_signal();

    std::function<void()> then_;
    boost::asio::signal_set signals_;
};

} // namespace gateway
