#include "gateway/base/token_cipher.hpp"

#include <algorithm>

namespace gateway {

token_cipher::token_cipher(std::vector<certs::key_material> const& keys)
{
    keys_.reserve(keys.size());
    for (auto const& k : keys)
        keys_.emplace_back(k.id, k.key);
}

std::string_view token_cipher::sealing_key() const noexcept
{
    return keys_.empty() ? std::string_view{} : keys_.front().id();
}

bool token_cipher::seal(
    policy::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text,
    policy::aead_tag& tag) const noexcept
{
    return !keys_.empty() && keys_.front().seal(iv, aad, text, tag);
}

bool token_cipher::open(
    std::string_view key_id,
    policy::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text,
    policy::aead_tag const& tag) const noexcept
{
    for (auto const& k : keys_)
        if (k.id() == key_id) return k.open(iv, aad, text, tag);
    // `open` leaves nothing readable behind when it fails, whatever the reason
    std::ranges::fill(text, std::uint8_t{0});
    return false;
}

} // namespace gateway
