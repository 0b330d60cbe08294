#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

namespace fuzz {

/// Ways of cutting the same bytes: at once, byte by byte as far as there are few, and in steps that the bytes
/// themselves decide, so that what was found is found again.
inline constexpr unsigned ways_of_cutting = 4;

class cutter {
public:
    cutter(std::string_view bytes, unsigned way) noexcept : way_(way), size_(bytes.size())
    {
        std::uint32_t seed = 2'166'136'261U + way;
        for (char const c : bytes)
            seed = (seed ^ static_cast<unsigned char>(c)) * 16'777'619U;
        random_.seed(seed);
    }

    /// How many bytes come next; at least 1.
    [[nodiscard]] std::size_t next() noexcept
    {
        if (way_ == 0) return std::max<std::size_t>(size_, 1);
        auto const step =
            size_ / 64 + 1; // longer inputs come in larger pieces, or one run would take too long
        return way_ == 1 ? step
                         : 1 + random_() % (way_ == 2 ? 3 * step : std::max<std::size_t>(size_ / 4, 1));
    }

private:
    unsigned way_;
    std::size_t size_;
    std::minstd_rand random_;
};

} // namespace fuzz
