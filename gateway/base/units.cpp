#include "gateway/base/units.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace gateway {

namespace {

struct unit {
    std::string_view name;
    std::uint64_t size;
};

constexpr std::array time_units{
    unit{"d",  86'400'000},
    unit{"h",  3'600'000 },
    unit{"m",  60'000    },
    unit{"s",  1'000     },
    unit{"ms", 1         },
};

constexpr std::array byte_units{
    unit{"GiB", 1ULL << 30},
    unit{"MiB", 1ULL << 20},
    unit{"KiB", 1ULL << 10},
    unit{"",    1         },
};

constexpr std::uint64_t milliseconds_max = 366'000ULL * 86'400'000;

/// A whole number without sign or leading zero, then one of `units`; at most `most` in the smallest one.
std::optional<std::uint64_t> read(std::string_view text, auto const& units, std::uint64_t most) noexcept
{
    std::uint64_t count = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (ec != std::errc{} || (text.front() == '0' && end != text.data() + 1)) return std::nullopt;
    auto const name = text.substr(static_cast<std::size_t>(end - text.data()));
    for (auto const& u : units) {
        if (u.name != name) continue;
        if (count > most / u.size) return std::nullopt;
        return count * u.size;
    }
    return std::nullopt;
}

std::string write(std::uint64_t amount, auto const& units)
{
    for (auto const& u : units)
        if (amount % u.size == 0) return std::to_string(amount / u.size).append(u.name);
    return {}; // never: the last unit is 1
}

} // namespace

std::optional<std::chrono::milliseconds> read_duration(std::string_view text) noexcept
{
    auto const amount = read(text, time_units, milliseconds_max);
    if (!amount) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*amount));
}

std::string write_duration(std::chrono::milliseconds time)
{
    if (time.count() == 0) return "0s";
    return write(static_cast<std::uint64_t>(time.count()), time_units);
}

std::optional<std::uint64_t> read_bytes(std::string_view text) noexcept
{
    return read(text, byte_units, std::numeric_limits<std::uint64_t>::max());
}

std::string write_bytes(std::uint64_t bytes)
{
    if (bytes == 0) return "0";
    return write(bytes, byte_units);
}

} // namespace gateway
