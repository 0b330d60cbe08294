#include "tests/bench/wire/frame.hpp"

#include <array>

namespace bench {

namespace {

constexpr std::uint8_t last_fragment = 0x80;
constexpr std::uint8_t masked = 0x80;
constexpr std::size_t short_length_max = 125;
constexpr std::size_t two_byte_length = 126;
constexpr std::size_t eight_byte_length = 127;

constexpr std::size_t mask_bytes = 4;
constexpr std::array<char, mask_bytes> mask{0x12, 0x34, 0x56, 0x78};

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

void append_header(std::string& to, opcode kind, std::size_t length, std::uint8_t mask_bit)
{
    to += static_cast<char>(last_fragment | static_cast<std::uint8_t>(kind));
    auto const wide = length > 0xffff ? 8 : length > short_length_max ? 2 : 0;
    auto const code = wide == 8 ? eight_byte_length : wide == 2 ? two_byte_length : length;
    to += static_cast<char>(mask_bit | code);
    for (int i = wide - 1; i >= 0; --i)
        to += static_cast<char>(length >> (8 * i));
}

void apply_mask(std::span<char> payload, std::span<char const> with)
{
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ with[i % mask_bytes]);
}

} // namespace

std::optional<frame> read_frame(std::span<char> bytes)
{
    if (bytes.size() < 2) return std::nullopt;
    auto const has_mask = (byte(bytes[1]) & masked) != 0;
    std::size_t length = byte(bytes[1]) & 0x7fU;
    std::size_t const wide = length == eight_byte_length ? 8 : length == two_byte_length ? 2 : 0;
    auto const header = 2 + wide + (has_mask ? mask_bytes : 0);
    if (bytes.size() < header) return std::nullopt;
    if (wide != 0) length = 0;
    for (auto const c : bytes.subspan(2, wide))
        length = length << 8U | byte(c);
    if (bytes.size() - header < length) return std::nullopt;
    auto const payload = bytes.subspan(header, length);
    if (has_mask) apply_mask(payload, bytes.subspan(header - mask_bytes, mask_bytes));
    return frame{static_cast<opcode>(byte(bytes[0]) & 0x0fU), payload, header + length};
}

void append_frame(std::string& to, opcode kind, std::string_view payload)
{
    append_header(to, kind, payload.size(), 0);
    to += payload;
}

void append_masked_frame(std::string& to, opcode kind, std::string_view payload)
{
    append_header(to, kind, payload.size(), masked);
    to.append(mask.data(), mask.size());
    to += payload;
    apply_mask(std::span(to).last(payload.size()), mask);
}

} // namespace bench
