#pragma once
#include "gateway/base/waker.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace gateway {

class deadlines;

/// One time limit of one owner. Arming is usually a store: the node stays in its slot of the wheel and is
/// moved on when that slot comes round. When the time is up, `passed()` is true and the owner's waker is
/// woken.
class deadline {
public:
    deadline(deadlines& wheel, waker& owner) noexcept : wheel_(&wheel), owner_(&owner) {}
    deadline(deadline const&) = delete;
    deadline& operator=(deadline const&) = delete;
    ~deadline() { unlink(); }

    void arm(std::chrono::milliseconds in) noexcept;
    void disarm() noexcept
    {
        due_ = never;
        passed_ = false;
    }
    [[nodiscard]] bool passed() const noexcept { return passed_; }

private:
    friend class deadlines;
    static constexpr std::uint64_t never = ~0ULL;

    void unlink() noexcept;

    deadlines* wheel_;
    waker* owner_;
    deadline* before_ = nullptr; ///< not null: in a slot
    deadline* after_ = nullptr;
    std::uint64_t due_ = never;   ///< in ticks
    std::uint64_t slot_tick_ = 0; ///< when its slot comes round
    bool passed_ = false;
};

/// A coarse timer wheel, one for each worker. Deadlines pass up to two ticks late, never early.
class deadlines {
public:
    static constexpr std::chrono::milliseconds tick{125};

    explicit deadlines(std::chrono::steady_clock::time_point now) noexcept;
    ~deadlines() = default;
    deadlines(deadlines const&) = delete;
    deadlines& operator=(deadlines const&) = delete;

    /// Moves on to `now`; owners whose time is up are woken.
    void advance(std::chrono::steady_clock::time_point now) noexcept;
    /// The time, to a tick.
    [[nodiscard]] std::chrono::steady_clock::time_point now() const noexcept { return start_ + tick * now_; }

private:
    friend class deadline;
    static constexpr std::size_t slots = 512; ///< 64 s; what lies further ahead goes round again

    void link(deadline& node) noexcept;
    void fire(std::uint64_t at) noexcept;

    std::chrono::steady_clock::time_point start_;
    std::uint64_t now_ = 0; ///< in ticks since `start_`
    std::array<deadline*, slots> slots_{};
};

} // namespace gateway
