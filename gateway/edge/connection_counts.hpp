#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace gateway::edge {

/// How many connections each address has open, over all workers. No lock, no list of addresses: each counts
/// in two places that its hash names, and has as many as the lower of the two says. That is never too few,
/// but for those whom other workers take at the same moment, one for each; it is too many where both places
/// are shared, which nobody can bring about without the hash's seed, and which for an address beside a
/// hundred that are at the limit happens once in 100,000 times.
class connection_counts {
public:
    /// 0: there is no limit.
    explicit connection_counts(std::size_t for_each_max)
        : max_(for_each_max), counts_(max_ == 0 ? 0 : 2 * places)
    {
    }

    /// One connection of an address, as long as it lives.
    class seat {
    public:
        seat() = default; ///< of one that is not counted
        seat(connection_counts& of, std::uint64_t address) noexcept : of_(&of), address_(address) {}
        seat(seat&& other) noexcept : of_(std::exchange(other.of_, nullptr)), address_(other.address_) {}
        seat& operator=(seat&& other) noexcept
        {
            std::swap(of_, other.of_);
            std::swap(address_, other.address_);
            return *this;
        }
        seat(seat const&) = delete;
        seat& operator=(seat const&) = delete;
        ~seat()
        {
            if (of_) of_->leave(address_);
        }

    private:
        connection_counts* of_ = nullptr;
        std::uint64_t address_ = 0;
    };

    /// `address`: as `sender::key` has it. Nothing: it has as many as it may.
    [[nodiscard]] std::optional<seat> take(std::uint64_t address) noexcept
    {
        if (max_ == 0) return seat(*this, address);
        auto full = true;
        for (auto* const place : places_of(address))
            full = place->fetch_add(1, std::memory_order_relaxed) >= max_ && full;
        if (!full) return seat(*this, address);
        leave(address);
        return std::nullopt;
    }

private:
    static constexpr std::size_t places = 1U << 15U; ///< in each of two rows

    void leave(std::uint64_t address) noexcept
    {
        if (max_ == 0) return;
        for (auto* const place : places_of(address))
            place->fetch_sub(1, std::memory_order_relaxed);
    }
    [[nodiscard]] std::array<std::atomic<std::uint32_t>*, 2> places_of(std::uint64_t address) noexcept
    {
        auto const first = address & (places - 1);
        auto const second = (address >> 32U) & (places - 1);
        return {&counts_[first], &counts_[places + second]};
    }

    std::size_t max_;
    std::vector<std::atomic<std::uint32_t>> counts_;
};

} // namespace gateway::edge
