#include "tests/bench/load/handshake_session.hpp"

#include "tests/bench/load/connection.hpp"
#include "tests/bench/load/statistics.hpp"

namespace bench::load {

step handshake_session::opened(connection& on, instant now)
{
    constexpr std::chrono::milliseconds patience{5}; // with servers that send no ticket
    counts_->latency(now - on.begun_at());
    on.wake_at(now + patience);
    return step::go_on;
}

step handshake_session::drained(connection& on, instant now)
{
    if (!on.has_ticket()) return step::go_on;
    counts_->first_latency(now - on.begun_at());
    counts_->operation();
    return step::reopen;
}

step handshake_session::due(connection&, instant)
{
    counts_->operation();
    return step::reopen;
}

} // namespace bench::load
