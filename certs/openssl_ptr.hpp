#pragma once
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

namespace certs {

template <auto Free>
struct frees {
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};

/// Owns one OpenSSL object: `owned<EVP_MD_CTX, EVP_MD_CTX_free>`.
template <class T, auto Free>
using owned = std::unique_ptr<T, frees<Free>>;

using bio = owned<BIO, BIO_free_all>;
using certificate = owned<X509, X509_free>;
using revocation_list = owned<X509_CRL, X509_CRL_free>;
using private_key = owned<EVP_PKEY, EVP_PKEY_free>;

/// Text as OpenSSL takes it.
[[nodiscard]] inline unsigned char const* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

} // namespace certs
