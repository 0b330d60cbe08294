#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace certs {

/// Bytes that must not leave the process by accident: an API key, an access token, key material.
/// Wiped when destroyed or moved from; cannot be copied, printed or compared other than in constant time.
/// `reveal` is the only way to the bytes, so that `grep reveal` lists every place where a secret is used.
class secret {
public:
    secret() = default;
    /// Takes the text over; `text` is wiped.
    explicit secret(std::string&& text) noexcept;
    secret(secret&& other) noexcept;
    secret& operator=(secret&& other) noexcept;
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;
    ~secret();

    [[nodiscard]] std::string_view reveal() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

private:
    std::string bytes_;
};

/// Equal in time that depends on the lengths only.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// Overwrites `bytes`; never optimised away.
void wipe(std::span<char> bytes) noexcept;

} // namespace certs
