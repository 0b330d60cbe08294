#include "gateway/upstream/demand.hpp"

#include <algorithm>
#include <cmath>

namespace gateway::upstream {
namespace {

/// After which what is out counts half: longer than a connection takes to open, shorter than a conversation.
constexpr std::chrono::milliseconds out_half_life{2'000};

double faded(double value, std::chrono::steady_clock::duration age, std::chrono::milliseconds half_life)
{
    auto const halves = std::chrono::duration<double>(age) / std::chrono::duration<double>(half_life);
    return value * std::exp2(-halves);
}

} // namespace

double demand::out_at(time_point now) const noexcept { return faded(out_, now - at_, out_half_life); }
double demand::peak_at(time_point now) const noexcept { return faded(peak_, now - at_, half_life_); }

/// Most requests come at a time that was seen before: the clock they are told by is coarse.
void demand::move_to(time_point now) noexcept
{
    if (now == at_) return;
    out_ = out_at(now);
    peak_ = peak_at(now);
    at_ = now;
}

void demand::taken(time_point now) noexcept
{
    move_to(now);
    out_ += 1;
    peak_ = std::max(peak_, out_);
}

void demand::returned(time_point now) noexcept
{
    move_to(now);
    out_ = std::max(out_ - 1, 0.0);
}

std::size_t demand::peak(time_point now) const noexcept
{
    return static_cast<std::size_t>(std::lround(peak_at(now)));
}

std::size_t demand::at_hand(time_point now) const noexcept
{
    return static_cast<std::size_t>(std::lround(std::max(peak_at(now) - out_at(now), 0.0)));
}

} // namespace gateway::upstream
