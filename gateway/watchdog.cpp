#include "gateway/watchdog.hpp"

#include <algorithm>

namespace gateway {

watchdog::watchdog(
    boost::asio::io_context& control, service_manager const& to, std::function<clock::time_point()> last_turn)
    : to_(to), last_turn_(std::move(last_turn)), due_(control)
{
}

void watchdog::start()
{
    if (to_.patience()) wait();
}

void watchdog::wait()
{
    // Who has nothing to do is seen eight times a second.
    constexpr std::chrono::milliseconds silence_min{1'000};
    auto const silence_max = std::max<std::chrono::microseconds>(*to_.patience(), silence_min);
    if (clock::now() - last_turn_() < silence_max) to_.alive();
    due_.expires_after(*to_.patience() / 2);
    due_.async_wait([this](boost::system::error_code const& error) {
        if (!error) wait();
    });
}

} // namespace gateway
