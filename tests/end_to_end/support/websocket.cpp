#include "tests/end_to_end/support/websocket.hpp"

namespace e2e {

namespace {

constexpr std::string_view mask = "\x11\x22\x33\x44";

void append_number(std::string& out, std::uint64_t value, int bytes)
{
    for (auto shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
}

void need(client& from, std::size_t bytes)
{
    while (from.inbox.size() < bytes)
        if (!from.receive()) throw std::runtime_error("the stream ended within a frame");
}

std::uint64_t read_number(std::string_view bytes)
{
    std::uint64_t out = 0;
    for (auto c : bytes)
        out = out << 8U | static_cast<unsigned char>(c);
    return out;
}

std::string header(frame const& what, std::uint64_t size)
{
    std::string out;
    out += static_cast<char>(
        (what.fin ? 0x80U : 0U) | static_cast<unsigned>(what.reserved) << 4U |
        static_cast<unsigned>(what.code));
    auto const mask_bit = what.masked ? 0x80U : 0U;
    auto const two = what.length_in == frame::length::two_bytes || size > 125;
    if (what.length_in == frame::length::eight_bytes || size > 0xffff) {
        out += static_cast<char>(mask_bit | 127U);
        append_number(out, size, 8);
    } else if (two) {
        out += static_cast<char>(mask_bit | 126U);
        append_number(out, size, 2);
    } else {
        out += static_cast<char>(mask_bit | static_cast<unsigned>(size));
    }
    return out;
}

} // namespace

unsigned frame::close_code() const
{
    return payload.size() < 2 ? 1005
                              : static_cast<unsigned>(read_number(std::string_view(payload).substr(0, 2)));
}

std::string frame::close_reason() const { return payload.size() < 2 ? std::string{} : payload.substr(2); }

std::string write(frame const& what)
{
    auto out = header(what, what.payload.size());
    if (!what.masked) return out + what.payload;
    out += mask;
    for (std::size_t i = 0; i < what.payload.size(); ++i)
        out += static_cast<char>(what.payload[i] ^ mask[i % 4]);
    return out;
}

std::string text_frame(std::string_view payload)
{
    return write({.code = opcode::text, .payload = std::string(payload)});
}

std::string close_frame(unsigned code, std::string_view reason)
{
    frame out{.code = opcode::close, .payload = {}};
    append_number(out.payload, code, 2);
    out.payload += reason;
    return write(out);
}

std::string frame_header(opcode code, std::uint64_t size, bool fin)
{
    return header({.code = code, .payload = {}, .fin = fin}, size) + std::string(4, '\0');
}

std::string handshake(std::string_view target, fields const& more)
{
    fields all{
        {"Upgrade",                  "websocket"                                 },
        {"Connection",               "Upgrade"                                   },
        {"Sec-WebSocket-Version",    "13"                                        },
        {"Sec-WebSocket-Key",        std::string(handshake_key)                  },
        {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"},
    };
    all.insert(all.end(), more.begin(), more.end());
    return request("GET", target, all);
}

frame read_frame(client& from)
{
    need(from, 2);
    auto const first = static_cast<unsigned char>(from.inbox[0]);
    auto const second = static_cast<unsigned char>(from.inbox[1]);
    if ((second & 0x80U) != 0) throw std::runtime_error("a server's frame is masked");
    std::size_t head = 2;
    std::uint64_t size = second & 0x7fU;
    if (size >= 126) {
        auto const width = size == 126 ? 2U : 8U;
        head += width;
        need(from, head);
        size = read_number(std::string_view(from.inbox).substr(2, width));
    }
    need(from, head + static_cast<std::size_t>(size));
    frame out;
    out.masked = false;
    out.fin = (first & 0x80U) != 0;
    out.reserved = static_cast<std::uint8_t>(first >> 4U & 7U);
    out.code = static_cast<opcode>(first & 15U);
    out.payload = from.inbox.substr(head, static_cast<std::size_t>(size));
    from.inbox.erase(0, head + static_cast<std::size_t>(size));
    return out;
}

frame read_close(client& from)
{
    for (;;) {
        auto one = read_frame(from);
        if (one.code == opcode::close) return one;
    }
}

client
open_websocket(std::uint16_t port, std::string_view target, fields const& more, client_options const& options)
{
    client out(port, options);
    out.send(handshake(target, more));
    auto const got = read_head(out);
    if (got.status != 101 || got.value("sec-websocket-accept") != handshake_accept)
        throw std::runtime_error("no WebSocket was opened:\n" + got.head);
    return out;
}

} // namespace e2e
