#pragma once
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

/// Stands for the app's server: signs tokens with a key of its own. Shares no code with what verifies them.
class app_signer {
public:
    /// `algorithm`: EdDSA, ES256, RS256 or HS256; a new key each time. `key_id` may be empty.
    app_signer(std::string algorithm, std::string key_id);

    [[nodiscard]] std::string jwk() const; ///< public, or the secret of HS256
    /// The JWK Set that holds only this key.
    [[nodiscard]] std::string jwk_set() const { return "{\"keys\":[" + jwk() + "]}"; }
    /// `{"alg":…,"typ":"JWT","kid":…}`
    [[nodiscard]] std::string header() const;
    [[nodiscard]] std::string token(std::string_view claims) const { return token(header(), claims); }
    [[nodiscard]] std::string token(std::string_view header, std::string_view claims) const;
    /// As it stands in a token, not yet in base64url.
    [[nodiscard]] std::string signature_of(std::string_view text) const;
    /// The public key as PEM text: what a confused verifier would take for an HMAC secret.
    [[nodiscard]] std::string public_pem() const;

private:
    struct frees {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };
    std::string algorithm_;
    std::string key_id_;
    std::string secret_; ///< of HS256
    std::unique_ptr<EVP_PKEY, frees> key_;
};

[[nodiscard]] std::string in_base64url(std::string_view bytes);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);
