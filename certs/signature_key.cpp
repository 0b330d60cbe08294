#include "certs/signature_key.hpp"

#include "certs/openssl_error.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>

namespace certs {
namespace {

using big_number = owned<BIGNUM, BN_free>;
using digest = owned<EVP_MD, EVP_MD_free>;
using digest_context = owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using mac_context = owned<EVP_MAC_CTX, EVP_MAC_CTX_free>;

constexpr std::size_t mac_bytes = 32;

digest fetch_sha256()
{
    digest made{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    require(made != nullptr, "SHA-256");
    return made;
}

bool verified(
    EVP_PKEY* key,
    EVP_MD const* hash,
    std::string_view text,
    std::span<std::uint8_t const> signature) noexcept
{
    digest_context const context{EVP_MD_CTX_new()};
    auto const good =
        context && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(text), text.size()) == 1;
    if (!good) ERR_clear_error();
    return good;
}

/// EdDSA over edwards25519 (RFC 8037 §3.1).
class ed25519_key final : public signature_key {
public:
    ed25519_key(std::string id, private_key key) : signature_key(std::move(id), "EdDSA"), key_(std::move(key))
    {
    }

    [[nodiscard]] bool
    verify(std::string_view text, std::span<std::uint8_t const> signature) const noexcept override
    {
        return signature.size() == 2 * coordinate_bytes && verified(key_.get(), nullptr, text, signature);
    }

private:
    private_key key_;
};

/// PKCS #1 v1.5 with SHA-256 (RFC 7518 §3.3). OpenSSL compares the whole encoded message, so no padding but
/// the one that there is passes.
class rsa_key final : public signature_key {
public:
    rsa_key(std::string id, private_key key) : signature_key(std::move(id), "RS256"), key_(std::move(key)) {}

    [[nodiscard]] bool
    verify(std::string_view text, std::span<std::uint8_t const> signature) const noexcept override
    {
        auto const size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
        return signature.size() == size && verified(key_.get(), hash_.get(), text, signature);
    }

private:
    private_key key_;
    digest hash_ = fetch_sha256();
};

/// ECDSA over P-256 with SHA-256; the signature is r and s, 32 bytes each (RFC 7518 §3.4).
class p256_key final : public signature_key {
public:
    p256_key(std::string id, private_key key) : signature_key(std::move(id), "ES256"), key_(std::move(key)) {}

    [[nodiscard]] bool
    verify(std::string_view text, std::span<std::uint8_t const> signature) const noexcept override
    {
        if (signature.size() != 2 * coordinate_bytes) return false;
        std::array<std::uint8_t, 80> der{};
        auto const size = write_der(signature, der);
        return size != 0 && verified(key_.get(), hash_.get(), text, std::span(der).first(size));
    }

private:
    using pair = owned<ECDSA_SIG, ECDSA_SIG_free>;

    /// As EVP takes it: SEQUENCE of two INTEGERs, at most 72 bytes. 0: no memory.
    static std::size_t write_der(std::span<std::uint8_t const> raw, std::span<std::uint8_t, 80> out) noexcept
    {
        constexpr auto half = static_cast<int>(coordinate_bytes);
        pair const both{ECDSA_SIG_new()};
        big_number r{BN_bin2bn(raw.data(), half, nullptr)};
        big_number s{BN_bin2bn(raw.data() + half, half, nullptr)};
        if (!both || !r || !s) return 0;
        if (ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return 0;
        static_cast<void>(r.release()); // now its own
        static_cast<void>(s.release());
        auto const size = i2d_ECDSA_SIG(both.get(), nullptr);
        if (size <= 0 || static_cast<std::size_t>(size) > out.size()) return 0;
        auto* to = out.data();
        return i2d_ECDSA_SIG(both.get(), &to) == size ? static_cast<std::size_t>(size) : 0;
    }

    private_key key_;
    digest hash_ = fetch_sha256();
};

/// HMAC with SHA-256 (RFC 7518 §3.2). The context is keyed once and copied for each verification.
class hmac_key final : public signature_key {
public:
    hmac_key(std::string id, secret const& key) : signature_key(std::move(id), "HS256")
    {
        owned<EVP_MAC, EVP_MAC_free> const mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
        keyed_.reset(EVP_MAC_CTX_new(mac.get()));
        std::array<char, 7> name{"SHA256"}; // OSSL_PARAM takes a pointer to non-const
        std::array const settings{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
            OSSL_PARAM_construct_end()};
        auto const bytes = key.reveal();
        auto const ready =
            mac && keyed_ && EVP_MAC_init(keyed_.get(), bytes_of(bytes), bytes.size(), settings.data()) == 1;
        require(ready, "HMAC");
    }

    [[nodiscard]] bool is_secret() const noexcept override { return true; }

    [[nodiscard]] bool
    verify(std::string_view text, std::span<std::uint8_t const> signature) const noexcept override
    {
        if (signature.size() != mac_bytes) return false;
        std::array<std::uint8_t, mac_bytes> expected{};
        std::size_t size = 0;
        mac_context const context{EVP_MAC_CTX_dup(keyed_.get())};
        auto const made = context && EVP_MAC_update(context.get(), bytes_of(text), text.size()) == 1 &&
                          EVP_MAC_final(context.get(), expected.data(), &size, expected.size()) == 1;
        if (!made) ERR_clear_error();
        return made && size == mac_bytes && CRYPTO_memcmp(expected.data(), signature.data(), mac_bytes) == 0;
    }

private:
    mac_context keyed_;
};

} // namespace

signature_key_ptr make_ed25519_verifier(std::string id, private_key key)
{
    return std::make_unique<ed25519_key>(std::move(id), std::move(key));
}

signature_key_ptr make_p256_verifier(std::string id, private_key key)
{
    return std::make_unique<p256_key>(std::move(id), std::move(key));
}

signature_key_ptr make_rsa_verifier(std::string id, private_key key)
{
    return std::make_unique<rsa_key>(std::move(id), std::move(key));
}

signature_key_ptr make_hmac_verifier(std::string id, secret const& key)
{
    return std::make_unique<hmac_key>(std::move(id), key);
}

} // namespace certs
