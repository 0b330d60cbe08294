#pragma once
#include "certs/random.hpp"
#include "policy/seeded_hash.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace gateway {

/// 64 random bits.
[[nodiscard]] inline std::uint64_t random_seed(certs::random_source const& random)
{
    std::array<std::uint8_t, 8> bytes{};
    random(bytes);
    return std::bit_cast<std::uint64_t>(bytes);
}

[[nodiscard]] inline policy::hash_seed random_hash_seed(certs::random_source const& random)
{
    return {random_seed(random), random_seed(random)};
}

} // namespace gateway
