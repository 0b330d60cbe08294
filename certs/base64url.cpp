#include "certs/base64url.hpp"

namespace certs {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}

std::string to_base64url(std::span<std::uint8_t const> bytes)
{
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3); // never grows: growing would leave a copy of a key behind
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (auto const byte : bytes) {
        pending = (pending << 8U) | byte;
        for (pending_bits += 8; pending_bits >= 6;) {
            pending_bits -= 6;
            text += alphabet[(pending >> pending_bits) & 63U];
        }
    }
    if (pending_bits != 0) text += alphabet[(pending << (6 - pending_bits)) & 63U];
    return text;
}

std::optional<std::string> from_base64url(std::string_view text)
{
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (char const character : text) {
        auto const value = alphabet.find(character);
        if (value == std::string_view::npos) return std::nullopt;
        pending = (pending << 6U) | static_cast<std::uint32_t>(value);
        pending_bits += 6;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            bytes += static_cast<char>((pending >> pending_bits) & 255U);
        }
    }
    if ((pending & ((1U << pending_bits) - 1)) != 0) return std::nullopt;
    return bytes;
}

bool is_base64url_character(char character) noexcept
{
    return alphabet.find(character) != std::string_view::npos;
}

} // namespace certs
