#include "tests/bench/first_audio/delay_line.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace first_audio {

delay_line::delay_line(steady::duration delay, steady::time_point open_from)
    : delay_(delay), open_from_(open_from)
{
}

void delay_line::enter(std::string bytes, steady::time_point now)
{
    assert(!full() && !bytes.empty() && bytes.size() <= piece_bytes_max);
    under_way_.push_back({std::max(now, open_from_) + delay_, std::move(bytes)});
}

void delay_line::enter_end(steady::time_point now)
{
    under_way_.push_back({std::max(now, open_from_) + delay_, {}});
}

steady::time_point delay_line::due() const
{
    return under_way_.empty() ? steady::time_point::max() : under_way_.front().due;
}

std::string delay_line::leave()
{
    assert(!under_way_.empty());
    auto bytes = std::move(under_way_.front().bytes);
    under_way_.pop_front();
    return bytes;
}

} // namespace first_audio
