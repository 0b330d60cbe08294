#include "certs/random.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdlib>

namespace certs {

void system_random(std::span<std::uint8_t> out)
{
    constexpr unsigned strength_bits = 256;
    if (RAND_priv_bytes_ex(nullptr, out.data(), out.size(), strength_bits) != 1) std::abort();
}

double random_fraction(random_source const& random)
{
    constexpr double one_more_than_32_bits = 4294967296.0;
    std::array<std::uint8_t, 4> bytes{};
    random(bytes);
    std::uint32_t number = 0;
    for (auto const byte : bytes)
        number = number << 8U | byte;
    return number / one_more_than_32_bits;
}

} // namespace certs
