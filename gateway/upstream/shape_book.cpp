#include "gateway/upstream/shape_book.hpp"

#include <algorithm>

namespace gateway::upstream {

std::vector<shape_book::entry>::iterator shape_book::find(socket_shape const& shape)
{
    return std::ranges::find(entries_, shape, &entry::shape);
}

void shape_book::asked_for(socket_shape const& shape, time_point now)
{
    std::erase_if(entries_, [&](entry const& one) { return one.recent.peak(now) == 0; });
    auto found = find(shape);
    if (found == entries_.end()) {
        // Of those that are wanted equally, the one that was asked for longest ago stands last.
        auto const least = std::ranges::min_element(
            entries_.rbegin(), entries_.rend(), {}, [&](auto const& one) { return one.wanted(now); });
        if (entries_.size() == shapes_max) entries_.erase(std::next(least).base());
        found = entries_.insert(entries_.end(), entry{.shape = shape});
    }
    ++found->times;
    found->recent.taken(now);
    std::rotate(entries_.begin(), found, found + 1);
}

void shape_book::forget(socket_shape const& shape)
{
    if (auto const found = find(shape); found != entries_.end()) entries_.erase(found);
}

std::size_t shape_book::wanted(socket_shape const& shape, time_point now) const
{
    auto const found = std::ranges::find(entries_, shape, &entry::shape);
    return found == entries_.end() ? 0 : found->wanted(now);
}

} // namespace gateway::upstream
