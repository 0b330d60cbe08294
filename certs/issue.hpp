#pragma once
#include "certs/openssl_ptr.hpp"

#include <chrono>
#include <string>

namespace certs {

/// What a certificate is to say.
struct certificate_terms {
    std::string common_name;
    std::string alternative_names; ///< as OpenSSL writes them: "DNS:localhost,IP:::1"; empty for an authority
    std::chrono::system_clock::time_point not_before;
    std::chrono::system_clock::time_point not_after;
    bool authority = false; ///< may sign leaves, and only those
};

/// A certificate with its key.
struct identity {
    certificate cert;
    private_key key;
};

[[nodiscard]] private_key make_p256_key();

/// A certificate (RFC 5280) for `subject`'s public half, signed by `issuer`; null: by itself.
/// Throws `std::runtime_error` with OpenSSL's reason.
[[nodiscard]] certificate issue(certificate_terms const& terms, EVP_PKEY* subject, identity const* issuer);

} // namespace certs
