#pragma once
#include "certs/openssl_ptr.hpp"
#include "certs/secret.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace certs {

inline constexpr std::size_t coordinate_bytes = 32; ///< of P-256 and Ed25519

/// One key of `signature_keys`: what it is called and the one algorithm that it verifies with.
class signature_key {
public:
    signature_key(std::string id, std::string_view algorithm) : id_(std::move(id)), algorithm_(algorithm) {}
    signature_key(signature_key const&) = delete;
    signature_key& operator=(signature_key const&) = delete;
    virtual ~signature_key() = default;

    [[nodiscard]] std::string_view id() const noexcept { return id_; } ///< empty: it has none
    [[nodiscard]] std::string_view algorithm() const noexcept { return algorithm_; }
    [[nodiscard]] virtual bool is_secret() const noexcept { return false; }
    /// Leaves OpenSSL's error queue empty.
    [[nodiscard]] virtual bool
    verify(std::string_view signed_text, std::span<std::uint8_t const> signature) const noexcept = 0;

private:
    std::string id_;
    std::string_view algorithm_; ///< one of four literals
};

using signature_key_ptr = std::unique_ptr<signature_key const>;

// Each takes a key of its type and size: the import has checked it.
[[nodiscard]] signature_key_ptr make_ed25519_verifier(std::string id, private_key key);
[[nodiscard]] signature_key_ptr make_p256_verifier(std::string id, private_key key);
[[nodiscard]] signature_key_ptr make_rsa_verifier(std::string id, private_key key);
[[nodiscard]] signature_key_ptr make_hmac_verifier(std::string id, secret const& key);

/// Makes the key that the JWK `entry`, called `where` in messages, holds. Throws `std::runtime_error`.
[[nodiscard]] signature_key_ptr
import_signature_key(boost::json::object const& entry, std::string const& where);

} // namespace certs
