#include "certs/keyring.hpp"

#include "certs/openssl_error.hpp"
#include "certs/openssl_ptr.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <limits>
#include <stdexcept>
#include <utility>

namespace certs {
namespace {

using cipher_context = owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr int tag_bytes = std::tuple_size_v<aead_key::tag>;

bool fits_int(std::size_t size) noexcept { return size <= std::size_t{std::numeric_limits<int>::max()}; }

/// True when the three steps that sealing and opening share worked: nonce, additional data, text in place.
bool run(
    EVP_CIPHER_CTX* context,
    aead_key::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text) noexcept
{
    if (!fits_int(aad.size()) || !fits_int(text.size())) return false;
    int written = 0;
    // -1: the direction stays what the constructor set; no key: the key schedule made there is kept.
    if (EVP_CipherInit_ex2(context, nullptr, nullptr, iv.data(), -1, nullptr) != 1) return false;
    auto const aad_bytes = static_cast<int>(aad.size());
    if (aad_bytes != 0 && EVP_CipherUpdate(context, nullptr, &written, bytes_of(aad), aad_bytes) != 1)
        return false;
    auto const text_bytes = static_cast<int>(text.size());
    return text_bytes == 0 || EVP_CipherUpdate(context, text.data(), &written, text.data(), text_bytes) == 1;
}

bool finish(EVP_CIPHER_CTX* context) noexcept
{
    int written = 0;
    aead_key::tag unused{}; // GCM is a stream: the last step writes no text, but wants a place for it
    return EVP_CipherFinal_ex(context, unused.data(), &written) == 1;
}

} // namespace

struct aead_key::contexts {
    cipher_context seal{EVP_CIPHER_CTX_new()};
    cipher_context open{EVP_CIPHER_CTX_new()};
};

aead_key::aead_key(std::string id, secret const& key)
    : id_(std::move(id)), contexts_(std::make_unique<contexts>())
{
    if (key.reveal().size() != key_bytes) throw std::invalid_argument("an AES-256-GCM key has 32 bytes");
    owned<EVP_CIPHER, EVP_CIPHER_free> const cipher{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
    auto const* bytes = bytes_of(key.reveal());
    auto const ready =
        cipher && contexts_->seal && contexts_->open &&
        EVP_EncryptInit_ex2(contexts_->seal.get(), cipher.get(), bytes, nullptr, nullptr) == 1 &&
        EVP_DecryptInit_ex2(contexts_->open.get(), cipher.get(), bytes, nullptr, nullptr) == 1;
    require(ready, "AES-256-GCM");
}

aead_key::aead_key(aead_key&&) noexcept = default;
aead_key& aead_key::operator=(aead_key&&) noexcept = default;
aead_key::~aead_key() = default;

bool aead_key::seal(
    nonce const& iv, std::string_view aad, std::span<std::uint8_t> text, tag& out) const noexcept
{
    auto* context = contexts_->seal.get();
    auto const sealed = run(context, iv, aad, text) && finish(context) &&
                        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_bytes, out.data()) == 1;
    if (!sealed) ERR_clear_error();
    return sealed;
}

bool aead_key::open(
    nonce const& iv, std::string_view aad, std::span<std::uint8_t> text, tag const& expected) const noexcept
{
    auto* context = contexts_->open.get();
    auto wanted = expected; // OpenSSL takes the tag through a pointer to non-const
    auto const authentic =
        run(context, iv, aad, text) &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_bytes, wanted.data()) == 1 && finish(context);
    if (!authentic) {
        // By now `text` holds what an attacker made us decrypt: nobody may see it (NIST SP 800-38D §7.2).
        OPENSSL_cleanse(text.data(), text.size());
        ERR_clear_error();
    }
    return authentic;
}

} // namespace certs
