/// Access tokens as Cartesia mints them (contract §4): HS256 JWTs that only their maker can verify.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simulator {

struct grants {
    bool tts = false;
    bool stt = false;
    bool agent = false;
    friend bool operator==(grants const&, grants const&) = default;
};

struct claims {
    grants may;
    std::int64_t issued = 0;  ///< Unix seconds
    std::int64_t expires = 0; ///< Unix seconds
    bool session = false;     ///< made for one managed-agent call rather than by /access-token
    friend bool operator==(claims const&, claims const&) = default;
};

/// Signs and verifies with a key that lives as long as the process: a restarted simulator refuses the
/// tokens of the one before, as Cartesia refuses a forged one.
class token_maker {
public:
    token_maker();

    [[nodiscard]] std::string mint(claims const& what) const;

    /// The claims of a token of our own. Nothing when it is malformed, forged or over at `now`.
    [[nodiscard]] std::optional<claims> read(std::string_view token, std::int64_t now) const;

private:
    [[nodiscard]] std::string signature(std::string_view signed_part) const;

    std::string key_;
    std::string key_id_;
};

/// `bytes` bytes from the system's random source.
[[nodiscard]] std::string random_bytes(std::size_t bytes);

/// A random UUID (version 4).
[[nodiscard]] std::string new_uuid();

} // namespace simulator
