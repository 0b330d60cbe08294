#pragma once
#include "policy/expiring_table.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

namespace gateway {

/// An expiring table for all threads, in parts with a lock for each. Who only wants to know whether anything
/// lasts looks at one number.
class shared_expiries {
public:
    using time_point = policy::expiring_table::time_point;

    explicit shared_expiries(std::size_t entries_max)
    {
        constexpr std::size_t parts = 16;
        for (std::size_t i = 0; i < parts; ++i)
            parts_.emplace_back((entries_max + parts - 1) / parts);
    }

    /// When the last of all is over.
    [[nodiscard]] time_point latest() const noexcept { return latest_.load(std::memory_order_relaxed); }
    /// `time_point{}`: nothing is known of it.
    [[nodiscard]] time_point until(std::uint64_t key) const
    {
        auto const& in = parts_[index_of(key)];
        auto const lock = std::scoped_lock(in.guard);
        return in.table.until(key);
    }
    /// `next` is called with the time that is there, and gives the one that is to be.
    template <class Next>
    void change(std::uint64_t key, Next next)
    {
        auto& in = parts_[index_of(key)];
        auto const lock = std::scoped_lock(in.guard);
        time_point const until = next(in.table.until(key));
        in.table.set(key, until);
        auto seen = latest();
        while (seen < until && !latest_.compare_exchange_weak(seen, until, std::memory_order_relaxed)) {
        }
    }

private:
    struct part {
        explicit part(std::size_t entries_max) : table(entries_max) {}
        mutable std::mutex guard;
        policy::expiring_table table;
    };

    /// By the highest bits: the table goes by the lowest ones.
    [[nodiscard]] static std::size_t index_of(std::uint64_t key) noexcept { return key >> 60U; }

    std::deque<part> parts_; ///< as many as `index_of` tells apart; where they are, they stay
    std::atomic<time_point> latest_{time_point{}};
};

} // namespace gateway
