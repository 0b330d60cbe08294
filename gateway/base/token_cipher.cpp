#include "gateway/base/token_cipher.hpp"

#include <algorithm>

namespace gateway {

token_cipher::token_cipher(published<certs::key_set> const& keys) : keys_(keys) { renew_ring(); }

/// Makes the contexts anew when there are other keys. Once it has begun to serve, a failure is one of memory
/// and ends the process: to go on with keys that were withdrawn would be worse.
void token_cipher::renew_ring() const
{
    auto const* const news = keys_.news();
    if (news == nullptr) return;
    std::vector<ring_key> ring;
    ring.reserve(news->size());
    for (auto const& key : *news)
        ring.push_back({certs::aead_key(key.id, key.key), key.term});
    ring_ = std::move(ring);
}

token_cipher::ring_key const* token_cipher::find(std::string_view key_id) const noexcept
{
    for (auto const& key : ring_)
        if (key.cipher.id() == key_id) return &key;
    return nullptr;
}

std::string_view token_cipher::sealing_key(policy::seconds_since_epoch now) const noexcept
{
    renew_ring();
    for (auto const& key : ring_)
        if (key.term.seals_at(now)) return key.cipher.id();
    return {};
}

bool token_cipher::seal(
    std::string_view key_id,
    policy::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text,
    policy::aead_tag& tag) const noexcept
{
    auto const* const key = find(key_id);
    return key != nullptr && key->cipher.seal(iv, aad, text, tag);
}

bool token_cipher::open(
    std::string_view key_id,
    policy::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text,
    policy::aead_tag const& tag,
    policy::seconds_since_epoch now) const noexcept
{
    renew_ring();
    auto const* const key = find(key_id);
    if (key != nullptr && key->term.opens_at(now)) return key->cipher.open(iv, aad, text, tag);
    // `open` leaves nothing readable behind when it fails, whatever the reason
    std::ranges::fill(text, std::uint8_t{0});
    return false;
}

} // namespace gateway
