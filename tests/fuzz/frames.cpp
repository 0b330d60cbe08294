#include "gateway/wire/close_frame.hpp"
#include "gateway/wire/frame.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace fuzz {
namespace {

using namespace gateway::wire;

struct outcome {
    std::string passed; ///< what goes to the other side
    std::optional<close_code> flaw;
    bool closed = false;
    close_code code = close_code::none; ///< of the Close, when closed
    std::uint64_t messages = 0;

    friend bool operator==(outcome const&, outcome const&) = default;
};

/// As relay/frame_pump drives the follower.
outcome follow_in_pieces(std::string_view bytes, unsigned way, flow from, frame_limits const& limits)
{
    outcome out;
    frame_follower follower(from, limits);
    auto cut = cutter(bytes, way);
    while (!bytes.empty() && !out.flaw && !out.closed) {
        auto const part = bytes.substr(0, cut.next());
        bytes.remove_prefix(part.size());
        std::vector<char> const exact(part.begin(), part.end());
        auto rest = std::span<char const>(exact);
        while (!rest.empty() && !out.flaw && !out.closed) {
            auto const may = follower.feed(rest);
            promise(
                may.consumed <= rest.size() && may.skip + may.pass <= may.consumed, "what passes was taken");
            promise(may.consumed > 0 || !may.held.empty() || may.flaw, "each call gets on");
            out.passed.append(may.held);
            out.passed.append(rest.data() + may.skip, may.pass);
            out.flaw = may.flaw;
            out.closed = may.closed;
            rest = rest.subspan(may.consumed);
        }
    }
    if (out.closed) out.code = follower.closing_code();
    out.messages = follower.messages();
    return out;
}

// --- the second reader ---

/// RFC 3629 §3: decoded, and encoded again to the same bytes.
bool is_utf8(std::string const& text)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const byte = [&](std::size_t i) {
            return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
        };
        std::string again;
        auto const tail = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3fU)); };
        if (byte(at) < 0x80) {
            again = {text[at]};
        } else if (byte(at) < 0xe0) {
            auto const c = (byte(at) & 0x1fU) << 6 | (byte(at + 1) & 0x3fU);
            if (c < 0x80) return false;
            again = {static_cast<char>(0xc0U | c >> 6), tail(c)};
        } else if (byte(at) < 0xf0) {
            auto const c = (byte(at) & 0x0fU) << 12 | (byte(at + 1) & 0x3fU) << 6 | (byte(at + 2) & 0x3fU);
            if (c < 0x800 || (c >= 0xd800 && c <= 0xdfff)) return false;
            again = {static_cast<char>(0xe0U | c >> 12), tail(c >> 6), tail(c)};
        } else {
            auto const c = (byte(at) & 0x07U) << 18 | (byte(at + 1) & 0x3fU) << 12 |
                           (byte(at + 2) & 0x3fU) << 6 | (byte(at + 3) & 0x3fU);
            if (c < 0x10000 || c > 0x10ffff) return false;
            again = {static_cast<char>(0xf0U | c >> 18), tail(c >> 12), tail(c >> 6), tail(c)};
        }
        if (text.compare(at, again.size(), again) != 0) return false;
        at += again.size();
    }
    return true;
}

/// What is wrong with the payload of a Close (RFC 6455 §5.5.1, §7.4); its code goes to `code`.
std::optional<close_code> flaw_in_close(std::string const& payload, close_code& code)
{
    if (payload.empty()) return std::nullopt;
    if (payload.size() == 1) return close_code::protocol_error;
    auto const value = static_cast<unsigned char>(payload[0]) * 256U + static_cast<unsigned char>(payload[1]);
    auto const registered = value >= 1000 && value <= 1014 && value != 1004 && value != 1005 && value != 1006;
    if (!registered && (value < 3000 || value > 4999)) return close_code::protocol_error;
    if (!is_utf8(payload.substr(2))) return close_code::invalid_text;
    code = static_cast<close_code>(value);
    return std::nullopt;
}

/// One frame after the other from the whole text (RFC 6455 §5.2).
outcome follow_simply(std::string const& text, flow from, frame_limits const& limits)
{
    outcome out;
    bool in_message = false;
    std::uint64_t message_bytes = 0;
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const ended_by = [&](close_code why) {
        out.flaw = why;
        return out;
    };
    for (std::size_t at = 0; text.size() - at >= 2;) {
        bool const fin = (byte(at) & 0x80) != 0;
        auto const opcode = byte(at) & 0x0f;
        bool const control = opcode >= 8;
        bool const masked = (byte(at + 1) & 0x80) != 0;
        auto const form = byte(at + 1) & 0x7f;
        bool broken = (byte(at) & 0x70) != 0 || masked != (from == flow::from_client);
        broken = broken || (opcode > 2 && opcode < 8) || opcode > 10;
        broken = broken || (control && (!fin || form > 125));
        broken = broken || (!control && (opcode == 0) != in_message);
        if (broken) return ended_by(close_code::protocol_error);

        std::size_t const size_bytes = form == 126 ? 2 : form == 127 ? 8 : 0;
        std::size_t const header = 2 + size_bytes + (masked ? 4 : 0);
        if (text.size() - at < header) return out;
        std::uint64_t size = size_bytes == 0 ? static_cast<std::uint64_t>(form) : 0;
        for (std::size_t i = 0; i < size_bytes; ++i)
            size = size * 256 + byte(at + 2 + i);
        if ((form == 126 && size < 126) || (form == 127 && (size < 65536 || size > 0x7fff'ffff'ffff'ffffU)))
            return ended_by(close_code::protocol_error);
        if (!control && (size > limits.frame_bytes_max || message_bytes + size > limits.message_bytes_max))
            return ended_by(close_code::too_big);

        auto payload = text.substr(at + header, static_cast<std::size_t>(size));
        bool const whole = payload.size() == size;
        if (control && !whole) return out;
        if (opcode == 8) {
            for (std::size_t i = 0; i < payload.size() && masked; ++i)
                payload[i] = static_cast<char>(payload[i] ^ text[at + header - 4 + i % 4]);
            out.flaw = flaw_in_close(payload, out.code);
            if (out.flaw) return out;
            out.closed = true;
        }
        out.passed += text.substr(at, header + payload.size());
        if (!control) {
            message_bytes += size;
            in_message = !fin;
            if (fin && whole) {
                ++out.messages;
                message_bytes = 0;
            }
        }
        if (out.closed || !whole) return out;
        at += header + payload.size();
    }
    return out;
}

/// What the gateway says itself is what a follower lets through.
void check_close_of_ours(std::string_view bytes, flow from)
{
    if (bytes.size() < 6) return;
    auto const code = static_cast<close_code>(
        static_cast<unsigned char>(bytes[0]) * 256U + static_cast<unsigned char>(bytes[1]));
    masking_key mask{};
    std::copy_n(bytes.begin() + 2, mask.size(), mask.begin());
    auto const reason = std::string(bytes.substr(6));
    auto const masked = from == flow::from_client ? std::optional(mask) : std::nullopt;
    auto const got = follow_simply(make_close(code, reason, masked), from, {});
    if (!is_utf8(reason)) return;
    promise(
        got.closed && (got.code == code || got.code == close_code::none), "a Close that is written is one");
}

} // namespace

void frames(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const from = (bytes[0] & 1) == 0 ? flow::from_client : flow::from_server;
    auto const limits = (bytes[0] & 2) == 0 ? frame_limits{} : frame_limits{40, 100};
    bytes.remove_prefix(1);
    auto const wanted = follow_simply(std::string(bytes), from, limits);
    for (unsigned way = 0; way < ways_of_cutting; ++way)
        promise(
            follow_in_pieces(bytes, way, from, limits) == wanted, "both readers let the same frames pass");
    check_close_of_ours(bytes, from);
}

} // namespace fuzz
