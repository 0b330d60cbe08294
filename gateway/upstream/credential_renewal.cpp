#include "gateway/upstream/credential_renewal.hpp"

#include <algorithm>

namespace gateway::upstream {
namespace {

using real_seconds = std::chrono::duration<double>;

std::chrono::steady_clock::duration whole(real_seconds time) noexcept
{
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
}

} // namespace

std::chrono::steady_clock::duration
renew_after(std::chrono::seconds lifetime, renewal const& rules, double random) noexcept
{
    return whole(real_seconds{lifetime} * (rules.at - rules.jitter * random));
}

std::chrono::steady_clock::duration
retry_after(unsigned failures, renewal const& rules, double random) noexcept
{
    auto wait = rules.retry_first;
    while (failures-- > 1 && wait < rules.retry_most)
        wait *= 2;
    return whole(real_seconds{std::min(wait, rules.retry_most)} * (1 - rules.jitter * random));
}

} // namespace gateway::upstream
