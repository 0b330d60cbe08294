#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <initializer_list>

namespace gateway {

/// Runs `then` on the control thread each time that one of `signals` comes; those of a kind that come
/// meanwhile are one.
class on_signal {
public:
    on_signal(
        boost::asio::io_context& control, std::initializer_list<int> signals, std::function<void()> then);

private:
    void await_next();

    std::function<void()> then_;
    boost::asio::signal_set signals_;
};

} // namespace gateway
