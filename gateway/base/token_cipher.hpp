#pragma once
#include "certs/keyring.hpp"
#include "policy/token.hpp"

#include <vector>

namespace gateway {

/// The key ring as `policy` sees it: the first key seals, all open. One for each thread (see
/// `certs::aead_key`).
class token_cipher final : public policy::token_cipher {
public:
    /// No keys: nothing opens and nothing is sealed, where only Cartesia's own tokens are accepted.
    explicit token_cipher(std::vector<certs::key_material> const& keys);

    [[nodiscard]] std::string_view sealing_key() const noexcept override;
    [[nodiscard]] bool
    seal(policy::nonce const& iv, std::string_view aad, std::span<std::uint8_t> text, policy::aead_tag& tag)
        const noexcept override;
    [[nodiscard]] bool open(
        std::string_view key_id,
        policy::nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        policy::aead_tag const& tag) const noexcept override;

private:
    std::vector<certs::aead_key> keys_;
};

} // namespace gateway
