#pragma once
#include "gateway/wire/frame.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Frames for tests, written the plain way.
namespace gateway::wire::test {

enum class length_form : std::uint8_t { shortest, in_2, in_8 };

inline std::string
frame(flow way, unsigned first, std::string_view payload, length_form form = length_form::shortest)
{
    std::string out{static_cast<char>(first)};
    bool const masked = way == flow::from_client;
    auto const big_endian = [&](int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            out += static_cast<char>(payload.size() >> shift & 0xff);
    };
    unsigned const mask_bit = masked ? 0x80U : 0U;
    if (form == length_form::in_8 || payload.size() > 0xffff) {
        out += static_cast<char>(mask_bit | 127U);
        big_endian(8);
    } else if (form == length_form::in_2 || payload.size() > 125) {
        out += static_cast<char>(mask_bit | 126U);
        big_endian(2);
    } else {
        out += static_cast<char>(mask_bit | static_cast<unsigned>(payload.size()));
    }
    constexpr std::string_view key = "\x12\xf0\x55\x81";
    if (masked) out += key;
    for (std::size_t i = 0; i < payload.size(); ++i)
        out += masked ? static_cast<char>(payload[i] ^ key[i % 4]) : payload[i];
    return out;
}

/// The payload of a Close.
inline std::string closing(unsigned code, std::string_view reason = {})
{
    return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}.append(reason);
}

struct followed {
    std::string out;
    std::optional<close_code> flaw;
    bool closed = false;
    bool input_moved = false; ///< something passed other than straight from the input
};

/// Feeds `bytes` to `follower` in pieces whose sizes `next` gives, as a tunnel does.
template <class Next>
followed follow(frame_follower& follower, std::string_view bytes, Next next)
{
    followed f;
    std::size_t begin = 0;
    while (begin < bytes.size() && !f.flaw) {
        std::string_view input = bytes.substr(begin, next());
        begin += input.size();
        while (!input.empty() && !f.flaw) {
            auto const got = follower.feed(input);
            f.input_moved = f.input_moved || !got.held.empty();
            f.out += got.held;
            f.out += input.substr(got.skip, got.pass);
            f.flaw = got.flaw;
            f.closed = got.closed;
            input.remove_prefix(got.consumed);
        }
    }
    return f;
}

} // namespace gateway::wire::test
