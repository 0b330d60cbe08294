#pragma once
#include "policy/token.hpp"

#include <string>
#include <vector>

namespace test {

/// Stands for AES-256-GCM, which `certs` tests: a key stream and a 128-bit sum over key, iv, aad and text, in
/// which every bit of the input counts. No cryptography, but any change of a token is noticed as it would be
/// there.
class toy_cipher final : public policy::token_cipher {
public:
    struct key {
        std::string id;
        std::uint64_t secret = 0;
    };

    explicit toy_cipher(
        std::vector<key> keys =
            {
                {"k1", 0x5eed}
    })
        : keys_(std::move(keys))
    {
    }

    std::string_view sealing_key(policy::seconds_since_epoch) const noexcept override
    {
        return keys_.front().id;
    }
    bool seal(
        std::string_view key_id,
        policy::nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        policy::aead_tag& tag) const noexcept override;
    bool open(
        std::string_view key_id,
        policy::nonce const& iv,
        std::string_view aad,
        std::span<std::uint8_t> text,
        policy::aead_tag const& tag,
        policy::seconds_since_epoch now) const noexcept override;

    bool fails = false;            ///< `seal` says that the cipher failed
    mutable unsigned openings = 0; ///< how often something was to be opened

private:
    std::vector<key> keys_;
};

} // namespace test
