#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace policy {

/// What an access token may be used for (contract §4). Closed: Cartesia knows these three.
enum class grant : std::uint8_t { tts, stt, agent };

inline constexpr std::array all_grants{grant::tts, grant::stt, grant::agent};

[[nodiscard]] constexpr std::string_view name(grant g) noexcept
{
    constexpr std::array<std::string_view, 3> names{"tts", "stt", "agent"};
    return names[static_cast<std::size_t>(g)];
}

[[nodiscard]] constexpr std::optional<grant> read_grant(std::string_view text) noexcept
{
    for (auto g : all_grants)
        if (name(g) == text) return g;
    return std::nullopt;
}

/// A set of grants. Empty means: nothing is allowed.
class grant_set {
public:
    static constexpr std::size_t distinct = 8; ///< how many different sets there are

    constexpr grant_set() = default;
    constexpr grant_set(std::initializer_list<grant> grants)
    {
        for (auto g : grants)
            add(g);
    }

    constexpr void add(grant g) noexcept
    {
        bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(g));
    }
    [[nodiscard]] constexpr bool has(grant g) const noexcept
    {
        return (bits_ >> static_cast<unsigned>(g) & 1U) != 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    /// A number below `distinct`, one for each set.
    [[nodiscard]] constexpr std::size_t index() const noexcept { return bits_; }
    /// The set that has it.
    [[nodiscard]] static constexpr grant_set at(std::size_t index) noexcept
    {
        grant_set out;
        for (auto g : all_grants)
            if ((index >> static_cast<unsigned>(g) & 1U) != 0) out.add(g);
        return out;
    }
    friend constexpr bool operator==(grant_set, grant_set) = default;

private:
    std::uint8_t bits_ = 0;
};

} // namespace policy
