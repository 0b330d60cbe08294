#include "certs/digest.hpp"

#include "certs/openssl_error.hpp"

#include <openssl/evp.h>

namespace certs {

std::array<std::uint8_t, 32> sha256(std::string_view bytes)
{
    std::array<std::uint8_t, 32> out{};
    // A digest that was never computed must not be compared with anything: this throws rather than answer
    // zeros.
    require(
        EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), out.data(), nullptr) == 1,
        "SHA-256");
    return out;
}

std::string sha256_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned const byte : sha256(bytes)) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

} // namespace certs
