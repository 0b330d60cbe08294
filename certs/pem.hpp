#pragma once
#include "certs/openssl_ptr.hpp"
#include "certs/secret.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace certs {

/// All certificates of a PEM file, at least one. Throws `std::runtime_error` naming the file.
[[nodiscard]] std::vector<certificate> read_certificates(std::filesystem::path const& path);
/// All certificate revocation lists (RFC 5280 §5) of a PEM file, at least one. Throws `std::runtime_error`
/// naming the file.
[[nodiscard]] std::vector<revocation_list> read_revocation_lists(std::filesystem::path const& path);
/// The unencrypted key of a PEM file, which must be private (`read_private_file`). Throws
/// `std::runtime_error` naming the file.
[[nodiscard]] private_key read_private_key(std::filesystem::path const& path);

[[nodiscard]] std::string pem_of(X509* cert);
[[nodiscard]] secret pem_of(EVP_PKEY* key); ///< PKCS #8, unencrypted

} // namespace certs
