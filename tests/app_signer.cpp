#include "tests/app_signer.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <vector>

namespace {

unsigned char const* bytes_of(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void require(bool good, char const* what)
{
    if (!good) throw std::runtime_error(what);
}

std::string number(EVP_PKEY* key, char const* name, std::size_t bytes)
{
    BIGNUM* value = nullptr;
    require(EVP_PKEY_get_bn_param(key, name, &value) == 1, name);
    std::string out(bytes == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : bytes, '\0');
    BN_bn2binpad(value, bytes_of(out), static_cast<int>(out.size()));
    BN_free(value);
    return in_base64url(out);
}

/// r and s out of the SEQUENCE that OpenSSL makes.
std::string raw_pair(std::string_view der)
{
    auto const* from = bytes_of(der);
    auto* both = d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size()));
    require(both != nullptr, "ECDSA signature");
    std::string out(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(both), bytes_of(out), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), bytes_of(out) + 32, 32);
    ECDSA_SIG_free(both);
    return out;
}

EVP_PKEY* new_key(std::string_view algorithm)
{
    if (algorithm == "EdDSA") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (algorithm == "ES256") return EVP_EC_gen("P-256");
    return EVP_RSA_gen(2048U);
}

} // namespace

std::string in_base64url(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    for (auto& c : out)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    while (out.ends_with('='))
        out.pop_back();
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text)
{
    std::string out(32, '\0');
    std::size_t size = 0;
    auto* const made = EVP_Q_mac(
        nullptr,
        "HMAC",
        nullptr,
        "SHA256",
        nullptr,
        key.data(),
        key.size(),
        bytes_of(text),
        text.size(),
        bytes_of(out),
        out.size(),
        &size);
    require(made != nullptr && size == out.size(), "HMAC");
    return out;
}

app_signer::app_signer(std::string algorithm, std::string key_id)
    : algorithm_(std::move(algorithm)), key_id_(std::move(key_id))
{
    if (algorithm_ == "HS256") {
        secret_.assign(32, '\0');
        require(RAND_bytes(bytes_of(secret_), 32) == 1, "random bytes");
    } else {
        key_.reset(new_key(algorithm_));
        require(key_ != nullptr, "key");
    }
}

std::string app_signer::jwk() const
{
    auto const id = key_id_.empty() ? std::string() : R"("kid":")" + key_id_ + "\",";
    auto* const key = key_.get();
    if (algorithm_ == "HS256") return "{" + id + R"("kty":"oct","k":")" + in_base64url(secret_) + "\"}";
    if (algorithm_ == "RS256")
        return "{" + id + R"("kty":"RSA","n":")" + number(key, OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
               number(key, OSSL_PKEY_PARAM_RSA_E, 0) + "\"}";
    if (algorithm_ == "ES256")
        return "{" + id + R"("kty":"EC","crv":"P-256","x":")" + number(key, OSSL_PKEY_PARAM_EC_PUB_X, 32) +
               R"(","y":")" + number(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32) + "\"}";
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    require(EVP_PKEY_get_raw_public_key(key, bytes_of(raw), &size) == 1, "raw key");
    return "{" + id + R"("kty":"OKP","crv":"Ed25519","x":")" + in_base64url(raw) + "\"}";
}

std::string app_signer::header() const
{
    auto const id = key_id_.empty() ? std::string() : R"(,"kid":")" + key_id_ + "\"";
    return R"({"alg":")" + algorithm_ + R"(","typ":"JWT")" + id + "}";
}

std::string app_signer::token(std::string_view header, std::string_view claims) const
{
    auto const text = in_base64url(header) + "." + in_base64url(claims);
    return text + "." + in_base64url(signature_of(text));
}

std::string app_signer::signature_of(std::string_view text) const
{
    if (algorithm_ == "HS256") return hmac_sha256(secret_, text);
    auto* const context = EVP_MD_CTX_new();
    auto const* const hash = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
    std::string out(512, '\0');
    std::size_t size = out.size();
    auto const made = EVP_DigestSignInit(context, nullptr, hash, nullptr, key_.get()) == 1 &&
                      EVP_DigestSign(context, bytes_of(out), &size, bytes_of(text), text.size()) == 1;
    EVP_MD_CTX_free(context);
    require(made, "signature");
    out.resize(size);
    return algorithm_ == "ES256" ? raw_pair(out) : out;
}

std::string app_signer::public_pem() const
{
    auto* const memory = BIO_new(BIO_s_mem());
    require(PEM_write_bio_PUBKEY(memory, key_.get()) == 1, "PEM");
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    std::string out(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return out;
}
