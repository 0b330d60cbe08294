#include "certs/random.hpp"

#include <openssl/rand.h>

#include <cstdlib>

namespace certs {

void system_random(std::span<std::uint8_t> out)
{
    constexpr unsigned strength_bits = 256;
    if (RAND_priv_bytes_ex(nullptr, out.data(), out.size(), strength_bits) != 1) std::abort();
}

} // namespace certs
