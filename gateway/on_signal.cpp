#include "gateway/hangup.hpp"

#include <csignal>

namespace gateway {

hangup::hangup(boost::asio::io_context& control, std::function<void()> then)
    : then_(std::move(then)), signals_(control, SIGHUP)
{
    await_signal();
}

void hangup::await_signal()
{
    signals_.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        then_();
        await_signal();
    });
}

} // namespace gateway
