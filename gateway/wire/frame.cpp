#include "gateway/wire/frame.hpp"

#include "gateway/wire/close_frame.hpp"

#include <algorithm>
#include <cstring>

namespace gateway::wire {
namespace {

// RFC 6455 §5.2
constexpr std::uint8_t fin_bit = 0x80;
constexpr std::uint8_t rsv_bits = 0x70;
constexpr std::uint8_t control_bit = 0x08;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7f;
constexpr std::uint8_t length_in_2 = 126;
constexpr std::uint8_t length_in_8 = 127;
constexpr std::uint8_t control_bytes_max = 125;

constexpr std::uint8_t continuation = 0x0;
constexpr std::uint8_t binary = 0x2;
constexpr std::uint8_t close = 0x8;
constexpr std::uint8_t pong = 0xa;

constexpr bool is_control(std::uint8_t first) noexcept { return (first & control_bit) != 0; }

constexpr std::size_t extra_length_bytes(std::uint8_t second) noexcept
{
    auto const length = second & length_bits;
    if (length == length_in_2) return 2;
    return length == length_in_8 ? 8 : 0;
}

std::uint64_t read_length(std::span<char const> bytes, std::uint8_t second) noexcept
{
    auto const extra = extra_length_bytes(second);
    if (extra == 0) return second & length_bits;
    std::uint64_t length = 0;
    for (char const c : bytes.subspan(2, extra))
        length = length << 8 | static_cast<unsigned char>(c);
    return length;
}

} // namespace

frame_follower::frame_follower(flow way, frame_limits const& limits) noexcept : way_{way}, limits_{limits} {}

bool frame_follower::at_boundary() const noexcept { return payload_left_ == 0; }

frame_follower::passage frame_follower::feed(std::span<char const> bytes) noexcept
{
    passage out;
    if (!flaw_ && !closed_ && held_size_ != 0) finish_held(bytes, out);
    if (held_size_ != 0 && out.held.empty() && !flaw_) {
        out.consumed = bytes.size();
        return out;
    }
    auto const end = pass_on(bytes, out.skip, out);
    out.pass = end - out.skip;
    out.consumed = std::max(out.consumed, end);
    if (!out.held.empty()) held_size_ = 0;
    if (closed_) out.consumed = bytes.size(); // RFC 6455 §5.5.1: what stands behind a Close is ignored
    out.flaw = flaw_;
    out.closed = closed_;
    return out;
}

/// Follows whole units and their payload from `at` on; returns where what may pass ends. What has come of a
/// unit that is not whole is held, unless `held_` is still in use: then it stays in the input.
std::size_t frame_follower::pass_on(std::span<char const> bytes, std::size_t at, passage& out) noexcept
{
    while (!flaw_ && !closed_) {
        auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size() - at, payload_left_));
        if (size != 0) take_payload(size);
        at += size;
        if (at == bytes.size()) break;
        auto const rest = bytes.subspan(at);
        auto const u = inspect(rest);
        if (u.flaw) {
            flaw_ = u.flaw;
        } else if (u.needed <= rest.size() && u.ours) {
            expected_.reset();
            out.consumed = at + u.needed; // the rest is fed again: what passes is in one piece
            break;
        } else if (u.needed <= rest.size()) {
            enter(u);
            at += u.needed;
        } else {
            if (!out.held.empty()) break;
            std::memcpy(held_.data(), rest.data(), rest.size());
            held_size_ = static_cast<std::uint8_t>(rest.size());
            out.consumed = bytes.size();
            break;
        }
    }
    return at;
}

/// Moves input to `held_` until the unit there is whole, as far as there is input.
void frame_follower::finish_held(std::span<char const> bytes, passage& out) noexcept
{
    for (std::size_t used = 0;;) {
        auto const u = inspect({held_.data(), held_size_});
        flaw_ = u.flaw;
        if (u.flaw) return;
        if (u.needed <= held_size_ && u.ours) {
            expected_.reset();
            held_size_ = 0;
            out.skip = used;
            return;
        }
        if (u.needed <= held_size_) {
            enter(u);
            out.held = {held_.data(), held_size_};
            out.skip = used;
            return;
        }
        auto const size = std::min(u.needed - held_size_, bytes.size() - used);
        if (size == 0) return;
        std::memcpy(held_.data() + held_size_, bytes.data() + used, size);
        held_size_ = static_cast<std::uint8_t>(held_size_ + size);
        used += size;
    }
}

frame_follower::unit frame_follower::inspect(std::span<char const> bytes) const noexcept
{
    unit u;
    u.needed = 2;
    if (bytes.size() < u.needed) return u;
    u.first = static_cast<std::uint8_t>(bytes[0]);
    auto const second = static_cast<std::uint8_t>(bytes[1]);
    u.flaw = flaw_in_start(u.first, second);
    auto const key_at = 2 + extra_length_bytes(second);
    u.needed = key_at + (way_ == flow::from_client ? 4U : 0U);
    if (u.flaw || bytes.size() < u.needed) return u;
    auto const header = u.needed;
    u.payload = read_length(bytes, second);
    u.flaw = flaw_in_length(u, second);
    if (u.flaw || !is_control(u.first)) return u;

    u.needed += static_cast<std::size_t>(u.payload);
    if (bytes.size() < u.needed) return u;
    masking_key key{};
    if (way_ == flow::from_client) std::memcpy(key.data(), bytes.data() + key_at, key.size());
    auto const payload = bytes.subspan(header, static_cast<std::size_t>(u.payload));
    if ((u.first & opcode_bits) == pong) u.ours = is_expected(payload, key);
    if ((u.first & opcode_bits) != close) return u;
    auto const reading = read_close(payload, key);
    u.code = reading.code;
    u.flaw = reading.flaw;
    return u;
}

bool frame_follower::is_expected(
    std::span<char const> payload, std::span<std::uint8_t const, 4> mask) const noexcept
{
    if (!expected_ || payload.size() != expected_->size()) return false;
    for (std::size_t i = 0; i < payload.size(); ++i)
        if ((static_cast<std::uint8_t>(payload[i]) ^ mask[i % 4]) != (*expected_)[i]) return false;
    return true;
}

std::optional<close_code>
frame_follower::flaw_in_start(std::uint8_t first, std::uint8_t second) const noexcept
{
    auto const opcode = static_cast<std::uint8_t>(first & opcode_bits);
    bool const masked = (second & mask_bit) != 0;
    bool broken = (first & rsv_bits) != 0 || masked != (way_ == flow::from_client);
    if (is_control(first))
        broken =
            broken || opcode > pong || (first & fin_bit) == 0 || (second & length_bits) > control_bytes_max;
    else // only a continuation inside of a fragmented message, and none outside
        broken = broken || opcode > binary || (opcode == continuation) != in_message_;
    if (broken) return close_code::protocol_error;
    return std::nullopt;
}

std::optional<close_code> frame_follower::flaw_in_length(unit const& u, std::uint8_t second) const noexcept
{
    auto const form = second & length_bits;
    bool const shortest = form == length_in_2   ? u.payload >= length_in_2
                          : form == length_in_8 ? u.payload > 0xffff && u.payload >> 63 == 0
                                                : true;
    if (!shortest) return close_code::protocol_error;
    if (is_control(u.first)) return std::nullopt;
    if (u.payload > limits_.frame_bytes_max || u.payload > limits_.message_bytes_max - message_bytes_)
        return close_code::too_big;
    return std::nullopt;
}

void frame_follower::enter(unit const& u) noexcept
{
    if (is_control(u.first)) {
        closed_ = (u.first & opcode_bits) == close;
        code_ = u.code;
        return;
    }
    in_message_ = (u.first & fin_bit) == 0;
    message_bytes_ += u.payload;
    payload_left_ = u.payload;
    take_payload(0);
}

void frame_follower::take_payload(std::uint64_t size) noexcept
{
    payload_left_ -= size;
    if (payload_left_ != 0 || in_message_) return;
    ++messages_;
    message_bytes_ = 0;
}

} // namespace gateway::wire
