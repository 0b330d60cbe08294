#include "tests/bench/load/sse_session.hpp"

#include "tests/bench/load/statistics.hpp"
#include "tests/bench/wire/fields.hpp"

namespace bench::load {

void sse_session::read_ends(instant now)
{
    std::string_view rest = text_;
    std::uint64_t events = 0;
    for (auto end = rest.find("\n\n"); end != rest.npos; end = rest.find("\n\n")) {
        count_event(rest.substr(0, end), now);
        rest.remove_prefix(end + 2);
        ++events;
    }
    text_.erase(0, text_.size() - rest.size());
    if (events == 0) return;
    counts().read();
    counts().events_in_one_read(events);
}

void sse_session::count_event(std::string_view event, instant now)
{
    constexpr std::string_view label = "\"t\":";
    auto const at = event.find(label);
    if (at == event.npos) return;
    instant const left_at{
        nanoseconds{static_cast<nanoseconds::rep>(number(event.substr(at + label.size())))}};
    if (first_) counts().first_latency(now - asked_at());
    first_ = false;
    counts().latency(now - left_at);
}

void sse_session::answer_ends(instant)
{
    counts().operation();
    first_ = true;
    text_.clear();
}

} // namespace bench::load
