#include "gateway/wire/handshake_key.hpp"

#include <openssl/evp.h>

namespace gateway::wire {

std::string handshake_key(std::array<std::uint8_t, 16> const& random)
{
    constexpr std::size_t text_bytes = 24;
    std::array<unsigned char, text_bytes + 1> encoded{};
    EVP_EncodeBlock(encoded.data(), random.data(), static_cast<int>(random.size()));
    return {encoded.begin(), encoded.end() - 1};
}

} // namespace gateway::wire
