#include "policy/expiring_table.hpp"

#include <algorithm>
#include <bit>

namespace policy {

expiring_table::expiring_table(std::size_t entries_max)
    : sets_(std::bit_ceil((entries_max + places - 1) / places))
{
}

expiring_table::time_point expiring_table::until(std::uint64_t key) const noexcept
{
    auto const& set = sets_[key & (sets_.size() - 1)];
    auto const found = std::ranges::find(set, key, &entry::key);
    return found != set.end() ? found->until : time_point{};
}

void expiring_table::set(std::uint64_t key, time_point until) noexcept
{
    auto& set = sets_[key & (sets_.size() - 1)];
    auto place = std::ranges::find(set, key, &entry::key);
    if (place == set.end()) place = std::ranges::min_element(set, {}, &entry::until);
    if (place->until < until) *place = {key, until};
}

} // namespace policy
