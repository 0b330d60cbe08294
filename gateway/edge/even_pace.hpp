#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

namespace gateway::edge {

/// Has a number of things happen evenly over a time: the first at once, the last when it is over.
class even_pace {
public:
    using clock = std::chrono::steady_clock;

    even_pace(std::size_t total, clock::time_point begin, std::chrono::milliseconds over) noexcept
        : total_(total), begin_(begin), over_(over)
    {
    }

    /// How many have become due since it was asked last.
    [[nodiscard]] std::size_t due(clock::time_point now) noexcept
    {
        auto const passed = std::chrono::floor<std::chrono::milliseconds>(now - begin_);
        auto const share =
            passed < over_ ? static_cast<double>(passed.count()) / static_cast<double>(over_.count()) : 1.0;
        auto const by_now =
            std::min(total_, static_cast<std::size_t>(share * static_cast<double>(total_)) + 1);
        return by_now - std::exchange(done_, by_now);
    }

private:
    std::size_t total_;
    clock::time_point begin_;
    std::chrono::milliseconds over_;
    std::size_t done_ = 0;
};

} // namespace gateway::edge
