#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace gateway {

/// Names requests for people who read logs: UUIDs (RFC 9562, version 4 in form). Unique, not secret; one
/// source for each worker, seeded from the system's random bytes.
class request_ids {
public:
    explicit request_ids(std::uint64_t seed) noexcept : state_(seed) {}

    [[nodiscard]] std::string next()
    {
        constexpr std::string_view form = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
        constexpr std::string_view digits = "0123456789abcdef";
        std::string id(form);
        auto bits = mixed();
        auto left = 16;
        for (auto& c : id) {
            if (c != 'x') continue;
            if (left == 0) {
                bits = mixed();
                left = 16;
            }
            c = digits[bits & 15U];
            bits >>= 4;
            --left;
        }
        return id;
    }

private:
    /// SplitMix64 (Steele, Lea, Flood 2014).
    [[nodiscard]] std::uint64_t mixed() noexcept
    {
        auto z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

} // namespace gateway
