#include "gateway/wire/close_frame.hpp"

#include <algorithm>

namespace gateway::wire {
namespace {

constexpr std::size_t payload_bytes_max = 125;
constexpr std::size_t reason_bytes_max = payload_bytes_max - 2;

/// The codes that may stand in a frame: those of RFC 6455 §7.4.1 and the registry behind it, and the ranges
/// for libraries and applications. 1004 is reserved; 1005, 1006 and 1015 are never sent.
constexpr bool may_be_sent(unsigned code) noexcept
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

constexpr bool continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// How many bytes a sequence takes that begins with `first`, and the least value it may encode (RFC 3629 §3).
struct sequence {
    std::size_t size;
    std::uint32_t least;
};

constexpr sequence sequence_for(unsigned char first) noexcept
{
    if (first < 0x80) return {1, 0};
    if (first >= 0xc2 && first < 0xe0) return {2, 0x80};
    if (first >= 0xe0 && first < 0xf0) return {3, 0x800};
    if (first >= 0xf0 && first < 0xf5) return {4, 0x1'0000};
    return {0, 0};
}

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        auto const first = static_cast<unsigned char>(text.front());
        auto const [size, least] = sequence_for(first);
        if (size == 0 || size > text.size()) return false;
        std::uint32_t value = size == 1 ? first : first & (0x7fU >> size);
        for (char const c : text.substr(1, size - 1)) {
            if (!continues(c)) return false;
            value = value << 6 | (static_cast<unsigned char>(c) & 0x3fU);
        }
        if (value < least || value > 0x10'ffff || (value >= 0xd800 && value < 0xe000)) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string_view cut_reason(std::string_view reason) noexcept
{
    if (reason.size() <= reason_bytes_max) return reason;
    auto size = reason_bytes_max;
    while (size != 0 && continues(reason[size]))
        --size;
    return reason.substr(0, size);
}

} // namespace

close_reading read_close(std::span<char const> payload, masking_key mask) noexcept
{
    if (payload.empty()) return {};
    if (payload.size() == 1 || payload.size() > payload_bytes_max) return {{}, close_code::protocol_error};
    std::array<char, payload_bytes_max> clear; // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
    for (std::size_t i = 0; i < payload.size(); ++i)
        clear[i] = static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
    auto const code = static_cast<unsigned char>(clear[0]) * 256U + static_cast<unsigned char>(clear[1]);
    if (!may_be_sent(code)) return {{}, close_code::protocol_error};
    if (!is_utf8({clear.data() + 2, payload.size() - 2})) return {{}, close_code::invalid_text};
    return {static_cast<close_code>(code), std::nullopt};
}

std::string make_close(close_code code, std::string_view reason, std::optional<masking_key> mask)
{
    std::string payload;
    if (may_be_sent(static_cast<unsigned>(code))) { // 1005 and 1006 are how a stream ended, not words to send
        auto const value = static_cast<unsigned>(code);
        payload += static_cast<char>(value >> 8);
        payload += static_cast<char>(value & 0xff);
        payload += cut_reason(reason);
    }
    std::string frame{"\x88"};
    frame += static_cast<char>(payload.size() | (mask ? 0x80U : 0U));
    if (mask) {
        for (std::size_t i = 0; i < payload.size(); ++i)
            payload[i] = static_cast<char>(static_cast<unsigned char>(payload[i]) ^ (*mask)[i % 4]);
        std::ranges::transform(
            *mask, std::back_inserter(frame), [](auto byte) { return static_cast<char>(byte); });
    }
    return frame += payload;
}

std::string make_ping(ping_payload const& payload)
{
    std::string frame{"\x89"};
    frame += static_cast<char>(payload.size());
    return frame.append(payload.begin(), payload.end());
}

std::string make_text(std::string_view text)
{
    constexpr char text_frame = '\x81'; // FIN, opcode 1
    constexpr std::size_t short_max = 125;
    constexpr std::size_t bytes_max = 65'535;
    constexpr char length_in_two_bytes = 126;
    text = text.substr(0, bytes_max);
    std::string frame(1, text_frame);
    if (text.size() <= short_max) {
        frame += static_cast<char>(text.size());
    } else {
        frame += length_in_two_bytes;
        frame += static_cast<char>(text.size() >> 8U);
        frame += static_cast<char>(text.size() & 0xffU);
    }
    return frame.append(text);
}

} // namespace gateway::wire
