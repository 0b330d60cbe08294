#include "gateway/drain.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace gateway {

void drain::begin(std::vector<step> steps)
{
    assert(!begun_);
    begun_ = true;
    steps_ = std::move(steps);
    begin_ = std::chrono::steady_clock::now();
    go_on();
}

std::chrono::milliseconds drain::left() const
{
    using std::chrono::milliseconds;
    if (steps_.empty()) return milliseconds{0};
    auto const passed = std::chrono::steady_clock::now() - begin_;
    return std::max(std::chrono::ceil<milliseconds>(steps_.back().at - passed), milliseconds{0});
}

void drain::go_on()
{
    while (next_ < steps_.size() && begin_ + steps_[next_].at <= std::chrono::steady_clock::now())
        steps_[next_++].take();
    if (next_ == steps_.size()) return;
    due_.expires_at(begin_ + steps_[next_].at);
    due_.async_wait([this](boost::system::error_code const& error) {
        if (!error) go_on();
    });
}

} // namespace gateway
