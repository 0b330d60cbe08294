#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace certs {

class signature_key;

/// Keys that verify signatures (RFC 7515), as a JWK Set (RFC 7517) holds them: public ones, which prove and
/// cannot make a signature, and HMAC secrets, which can. Every key has one algorithm: OKP Ed25519 is `EdDSA`
/// (RFC 8037), EC P-256 `ES256`, RSA of 2048 to 4096 bits `RS256`, oct of 32 bytes and more `HS256`
/// (RFC 7518 §3.1). Immutable; verifying is safe from every thread.
class signature_keys {
public:
    enum class verdict : std::uint8_t { good, no_such_key, bad_signature };

    /// What becomes of an entry that is no key for verifying, or none that is taken: an operator's file is
    /// refused; a set that an app publishes may hold keys for other purposes (RFC 7517 §5), which are passed
    /// over, but no secret and not nothing else.
    enum class unusable : std::uint8_t { refused, passed_over };

    signature_keys() noexcept; ///< none: nothing verifies
    /// Throws `std::runtime_error` that names the entry and the remedy, and no key byte. Refused: a key of
    /// another type, size or curve, a point off the curve, private parts in an asymmetric key, `use`,
    /// `key_ops` or `alg` that say something else than verifying with the key's one algorithm, a `kid` twice.
    /// Other members are passed over.
    explicit signature_keys(std::string_view jwk_set, unusable entries = unusable::refused);
    signature_keys(signature_keys&&) noexcept;
    signature_keys& operator=(signature_keys&&) noexcept;
    signature_keys(signature_keys const&) = delete;
    signature_keys& operator=(signature_keys const&) = delete;
    ~signature_keys();

    /// With `key_id` the key of that `kid`, without it the only one of `algorithm`; it must be of
    /// `algorithm`. A signature of any other length than the key makes is bad before any cryptography.
    [[nodiscard]] verdict verify(
        std::optional<std::string_view> key_id,
        std::string_view algorithm,
        std::string_view signed_text,
        std::span<std::uint8_t const> signature) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool hold_secrets() const noexcept; ///< HMAC: whoever reads one can sign

private:
    void take(std::unique_ptr<signature_key const> key, std::string const& where);
    [[nodiscard]] signature_key const*
    find(std::optional<std::string_view> key_id, std::string_view algorithm) const noexcept;

    std::vector<std::unique_ptr<signature_key const>> keys_;
};

} // namespace certs
