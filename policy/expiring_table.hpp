#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace policy {

/// A time for each key, until which something holds. Its memory is taken once, whatever comes. Keys are
/// hashes (seeded_hash.hpp), so that nobody chooses where they lie: in one of few places, in which what is
/// over first makes room for what is over later. Pure.
class expiring_table {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::size_t places = 8; ///< in which a key can lie

    /// For `entries_max` entries, rounded up to a power of two and to `places`.
    explicit expiring_table(std::size_t entries_max);

    /// `time_point{}`: nothing is known of it.
    [[nodiscard]] time_point until(std::uint64_t key) const noexcept;
    /// Does nothing when what is there already is over later.
    void set(std::uint64_t key, time_point until) noexcept;

private:
    struct entry {
        std::uint64_t key = 0;
        time_point until{};
    };
    using set_of_places = std::array<entry, places>;

    std::vector<set_of_places> sets_; ///< as many as a power of two
};

} // namespace policy
