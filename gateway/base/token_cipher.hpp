#pragma once
#include "certs/keyring.hpp"
#include "gateway/base/published.hpp"
#include "policy/token.hpp"

#include <vector>

namespace gateway {

/// The key ring as `policy` sees it: the first active key seals, all open that have not ended. The keys can
/// be replaced while requests are served: what is sealed or opened after `publish` is so with the new ones.
/// One for each thread (see `certs::aead_key`, `published::reader`).
class token_cipher final : public policy::token_cipher {
public:
    /// No keys: nothing opens and nothing is sealed, where only others' tokens are accepted. `keys` must
    /// outlive the cipher.
    explicit token_cipher(published<certs::key_set> const& keys);

    [[nodiscard]] std::string_view sealing_key(policy::seconds_since_epoch now) const noexcept override;
    [[nodiscard]] bool seal(
        std::string_view key_id,
        policy::nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        policy::aead_tag& tag) const noexcept override;
    [[nodiscard]] bool open(
        std::string_view key_id,
        policy::nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        policy::aead_tag const& tag,
        policy::seconds_since_epoch now) const noexcept override;

private:
    struct ring_key {
        certs::aead_key cipher;
        certs::key_term term;
    };

    void renew_ring() const;
    [[nodiscard]] ring_key const* find(std::string_view key_id) const noexcept;

    mutable published<certs::key_set>::reader keys_;
    mutable std::vector<ring_key> ring_; ///< of the keys that were got last
};

} // namespace gateway
