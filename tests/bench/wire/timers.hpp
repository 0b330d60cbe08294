#pragma once
#include "tests/bench/wire/clock.hpp"

#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace bench {

/// What is to happen later, soonest first. An entry cannot be taken back: `Subject` must tell by itself
/// whether it still matters.
template <class Subject>
class timers {
public:
    void add(instant at, Subject what) { queue_.push({at, std::move(what)}); }

    [[nodiscard]] std::optional<nanoseconds> time_left(instant now) const
    {
        if (queue_.empty()) return std::nullopt;
        return queue_.top().at - now;
    }

    [[nodiscard]] std::optional<Subject> take_due(instant now)
    {
        if (queue_.empty() || queue_.top().at > now) return std::nullopt;
        auto out = queue_.top().what;
        queue_.pop();
        return out;
    }

private:
    struct entry {
        instant at;
        Subject what;
        bool operator<(entry const& other) const { return at > other.at; }
    };
    std::priority_queue<entry> queue_;
};

} // namespace bench
