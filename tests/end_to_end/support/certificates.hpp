/// A certificate authority of the tests' own, and leaves of every good and bad kind.
#pragma once
#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>
#include <vector>

namespace e2e {

struct leaf {
    std::string name = "localhost"; ///< the only DNS name; `localhost` has 127.0.0.1 and ::1 as well
    bool rsa = false;
    int valid_from_days = -1;
    int valid_for_days = 30;
};

class authority {
public:
    authority();

    /// Writes the authority's certificate.
    void write(std::string const& certificate_file) const;
    void issue(leaf const& what, std::string const& certificate_file, std::string const& key_file);
    /// Writes a list, made a day ago, of the certificates in `revoked` that holds for `good_for_days` from
    /// then.
    void write_revocations(
        std::vector<std::string> const& revoked, std::string const& file, int good_for_days = 30) const;

private:
    using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
    using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;
    [[nodiscard]] certificate_ptr make(std::string const& name, EVP_PKEY* key, int from_days, int days);

    long serial_ = 1;
    key_ptr key_;
    certificate_ptr certificate_;
};

/// The pin of the certificate in a file: base64 of SHA-256 of its SubjectPublicKeyInfo (RFC 7469 §2.4).
[[nodiscard]] std::string pin_of(std::string const& certificate_file);

} // namespace e2e
