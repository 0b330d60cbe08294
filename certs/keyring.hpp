#pragma once
#include "certs/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace certs {

/// One AES-256-GCM key with its id. Contexts are kept per key, so that opening 300 bytes costs less than half
/// a microsecond; therefore an object belongs to one thread.
class aead_key {
public:
    static constexpr std::size_t key_bytes = 32;
    using nonce = std::array<std::uint8_t, 12>;
    using tag = std::array<std::uint8_t, 16>;

    /// `key` is exactly `key_bytes` long. Throws `std::runtime_error` when OpenSSL has no AES-256-GCM.
    aead_key(std::string id, secret const& key);
    aead_key(aead_key&&) noexcept;
    aead_key& operator=(aead_key&&) noexcept;
    aead_key(aead_key const&) = delete;
    aead_key& operator=(aead_key const&) = delete;
    ~aead_key();

    [[nodiscard]] std::string_view id() const noexcept { return id_; }
    /// In place. False: OpenSSL failed.
    [[nodiscard]] bool
    seal(nonce const& iv, std::string_view aad, std::span<std::uint8_t> text, tag& out) const noexcept;
    /// In place. False: not authentic; then `text` is wiped.
    [[nodiscard]] bool
    open(nonce const& iv, std::string_view aad, std::span<std::uint8_t> text, tag const& expected)
        const noexcept;

private:
    struct contexts;
    std::string id_;
    std::unique_ptr<contexts> contexts_;
};

/// The keys as a file holds them: a JWK Set (RFC 7517) of `oct` keys with `kid` and `alg` A256GCM. The first
/// seals, all open; a rotation puts a new one in front.
struct key_material {
    std::string id;
    secret key;
};

/// Reads a JWK Set. Throws `std::runtime_error` that names the entry and the remedy, and no key byte.
[[nodiscard]] std::vector<key_material> read_key_set(std::string_view json_text);
/// A JWK Set with a new random key before those of `existing` (empty text: none), at most `keep` keys in all.
[[nodiscard]] std::string key_set_with_new_key(std::string_view existing, std::size_t keep);

} // namespace certs
