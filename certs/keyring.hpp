#pragma once
#include "certs/secret.hpp"

#include <array>
#include <chrono>
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

/// When a key is used: it seals in [not_before, not_after) and opens before not_after. Before not_before it
/// opens already, for another gateway's clock may be ahead.
struct key_term {
    std::chrono::sys_seconds not_before = std::chrono::sys_seconds::min();
    std::chrono::sys_seconds not_after = std::chrono::sys_seconds::max();

    [[nodiscard]] bool seals_at(std::chrono::sys_seconds now) const noexcept
    {
        return not_before <= now && now < not_after;
    }
    [[nodiscard]] bool opens_at(std::chrono::sys_seconds now) const noexcept { return now < not_after; }
};

/// The keys as a file holds them: a JWK Set (RFC 7517) of `oct` keys with `kid` and `alg` A256GCM. The first
/// that is active seals, all open that have not ended; a rotation puts a new one in front. RFC 7517 has no
/// members for a term: `nbf` and `exp`, each optional, are those of RFC 7519 §4.1, as other JWK Sets use
/// them.
struct key_material {
    std::string id;
    secret key;
    key_term term{};
};
using key_set = std::vector<key_material>;

/// Reads a JWK Set. Throws `std::runtime_error` that names the entry and the remedy, and no key byte.
[[nodiscard]] key_set read_key_set(std::string_view json_text);
/// A JWK Set with a new random key of `term` before those of `existing` (empty text: none) that open anything
/// at `now`, at most `keep` keys in all. Throws `std::runtime_error`: `keep` is not 1 to 16, or what exists
/// is no JWK Set.
[[nodiscard]] std::string key_set_with_new_key(
    std::string_view existing, key_term const& term, std::size_t keep, std::chrono::sys_seconds now);

/// From `now` on some key seals at every moment until then: `now` itself when none is active, `max()` when it
/// never ends.
[[nodiscard]] std::chrono::sys_seconds
sealing_ends(key_set const& keys, std::chrono::sys_seconds now) noexcept;

} // namespace certs
