#include "gateway/on_signal.hpp"

#include <utility>

namespace gateway {

on_signal::on_signal(
    boost::asio::io_context& control, std::initializer_list<int> signals, std::function<void()> then)
    : then_(std::move(then)), signals_(control)
{
    for (auto const one : signals)
        signals_.add(one);
    await_next();
}

void on_signal::await_next()
{
    signals_.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        then_();
        await_next();
    });
}

} // namespace gateway
