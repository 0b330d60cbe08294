#include "gateway/base/deadlines.hpp"

#include <algorithm>

namespace gateway {

void deadline::arm(std::chrono::milliseconds in) noexcept
{
    auto const ticks =
        static_cast<std::uint64_t>((in + deadlines::tick - std::chrono::milliseconds{1}) / deadlines::tick);
    due_ = wheel_->now_ + std::max<std::uint64_t>(ticks, 1) + 1;
    passed_ = false;
    if (before_ && slot_tick_ <= due_) return; // its slot comes round in time and moves it on
    unlink();
    wheel_->link(*this);
}

void deadline::unlink() noexcept
{
    if (!before_) return;
    auto& head = wheel_->slots_[slot_tick_ % deadlines::slots];
    if (after_ == this) {
        head = nullptr;
    } else {
        if (head == this) head = after_;
        before_->after_ = after_;
        after_->before_ = before_;
    }
    before_ = after_ = nullptr;
}

deadlines::deadlines(std::chrono::steady_clock::time_point now) noexcept : start_(now) {}

void deadlines::link(deadline& node) noexcept
{
    node.slot_tick_ = std::min(node.due_, now_ + slots - 1);
    auto& head = slots_[node.slot_tick_ % slots];
    if (!head) {
        head = node.before_ = node.after_ = &node;
        return;
    }
    node.before_ = head->before_;
    node.after_ = head;
    head->before_->after_ = &node;
    head->before_ = &node;
}

void deadlines::fire(std::uint64_t at) noexcept
{
    while (auto* const node = slots_[at % slots]) {
        node->unlink();
        if (node->due_ == deadline::never) continue;
        if (node->due_ > at) {
            link(*node);
            continue;
        }
        node->due_ = deadline::never;
        node->passed_ = true;
        node->owner_->wake();
    }
}

void deadlines::advance(std::chrono::steady_clock::time_point now) noexcept
{
    auto const target = static_cast<std::uint64_t>((now - start_) / tick);
    while (now_ < target) {
        ++now_;
        fire(now_);
    }
}

} // namespace gateway
