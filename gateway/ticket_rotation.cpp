#include "gateway/ticket_rotation.hpp"

namespace gateway {

ticket_rotation::ticket_rotation(
    boost::asio::io_context& control, certs::ticket_keys& keys, std::chrono::milliseconds every)
    : timer_(control), keys_(&keys), every_(every)
{
}

void ticket_rotation::change(std::chrono::milliseconds every)
{
    if (every == every_) return;
    every_ = every;
    start();
}

void ticket_rotation::start()
{
    timer_.expires_after(every_);
    timer_.async_wait([this](boost::system::error_code const& error) {
        if (error) return;
        keys_->rotate();
        start();
    });
}

} // namespace gateway
