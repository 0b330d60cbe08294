#include "certs/secret.hpp"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace certs {

secret::secret(std::string&& text) noexcept : bytes_(text)
{
    wipe(text);
    text.clear();
}

secret::secret(secret&& other) noexcept : secret(std::move(other.bytes_)) {}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        wipe(bytes_);
        bytes_ = other.bytes_;
        wipe(other.bytes_);
        other.bytes_.clear();
    }
    return *this;
}

secret::~secret() { wipe(bytes_); }

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::span<char> bytes) noexcept { explicit_bzero(bytes.data(), bytes.size()); }

} // namespace certs
