#include "tests/simulator/base64.hpp"

#include <array>
#include <cstdint>

namespace simulator {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string write(std::string_view bytes, std::string_view alphabet, bool padded)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const byte : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(byte);
        for (held += 8; held >= 6; held -= 6)
            text.push_back(alphabet[(bits >> (held - 6)) & 63]);
    }
    if (held != 0) text.push_back(alphabet[(bits << (6 - held)) & 63]);
    while (padded && text.size() % 4 != 0)
        text.push_back('=');
    return text;
}

constexpr int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

} // namespace

std::string base64(std::string_view bytes) { return write(bytes, standard, true); }

std::string base64url(std::string_view bytes) { return write(bytes, url_safe, false); }

std::optional<std::string> unbase64(std::string_view text)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1) return {};
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const c : text) {
        int const value = value_of(c);
        if (value < 0) return {};
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes.push_back(static_cast<char>((bits >> held) & 255));
    }
    return bytes;
}

} // namespace simulator
