#include "gateway/upstream/warm_keeper.hpp"

#include <utility>

namespace gateway::upstream {

namespace {

constexpr std::chrono::milliseconds look_every{1'000}; ///< demand fades and links grow old without a word
constexpr std::chrono::milliseconds address_wait{
    50}; ///< at the start, the upstream's address is not known yet

} // namespace

warm_keeper::warm_keeper(pool& of, wake_queue& wakes, deadlines& wheel, std::function<double()> random)
    : pool_(of), wheel_(wheel), wake_(wakes), refused_(std::move(random))
{
    of.tell_of_takes(wake_);
}

task<> warm_keeper::keep()
{
    deadline round(wheel_, wake_);
    std::uint64_t lost = 0;
    for (;;) {
        auto const lost_before = std::exchange(lost, pool_.counts().lost_unused);
        if (lost != lost_before) refused_.failed(wheel_.now());
        auto const rest = refused_.rest(wheel_.now());
        if (rest.count() == 0 && pool_.lacks()) {
            auto made = co_await pool_.connect(wake_, nullptr);
            if (made.to) {
                pool_.keep_ahead(std::move(made.to));
                continue;
            }
            if (made.why != connect_failure::no_address) {
                refused_.failed(wheel_.now());
                continue;
            }
            round.arm(address_wait);
        } else {
            round.arm(rest.count() == 0 ? look_every : rest);
        }
        co_await wake_.next();
    }
}

} // namespace gateway::upstream
