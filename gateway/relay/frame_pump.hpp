#pragma once
#include "gateway/relay/outbox.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/wire/frame.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::relay {

/// One direction of a WebSocket: bytes pass as they come, frames are followed (architecture, decision 3).
class frame_pump {
public:
    frame_pump(wire::flow way, wire::frame_limits const& limits) noexcept : follower_(way, limits) {}

    /// `failed`: `from` is gone, `to` is gone (`receiver_failed`), or the frames are broken (`flaw`).
    /// `done`: a Close has passed and `to` has it.
    [[nodiscard]] step advance(wire::tls_stream& from, wire::tls_stream& to, scratch& memory);
    /// Bytes that came before the pump began.
    [[nodiscard]] step begin_with(std::string_view early, wire::tls_stream& to, scratch& memory);

    /// Follows what still comes without passing it on: `done` when a Close was among it.
    [[nodiscard]] step discard(wire::tls_stream& from, scratch& memory);

    /// Puts a frame of the gateway's own behind what has passed. Only at a boundary.
    [[nodiscard]] bool at_boundary() const noexcept { return follower_.at_boundary(); }
    [[nodiscard]] bool between_messages() const noexcept { return follower_.between_messages(); }
    /// The answer to a Ping of the gateway's own, which does not pass.
    void expect_pong(wire::ping_payload const& payload) noexcept { follower_.expect_pong(payload); }
    void put(std::string_view frame, wire::tls_stream& to);
    [[nodiscard]] bool flushed(wire::tls_stream& to) { return pending_.flush(to) != wire::progress::blocked; }

    [[nodiscard]] bool closed() const noexcept { return closed_; }
    [[nodiscard]] wire::close_code closing_code() const noexcept { return follower_.closing_code(); }
    [[nodiscard]] std::optional<wire::close_code> flaw() const noexcept { return flaw_; }
    [[nodiscard]] bool receiver_failed() const noexcept { return receiver_failed_; }
    [[nodiscard]] bool receiver_blocked() const noexcept { return !pending_.empty(); }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    /// What of it `to` has taken, less what of our own it has not: it moves when the receiver takes anything.
    [[nodiscard]] std::uint64_t delivered() const noexcept { return bytes_ - pending_.size(); }

private:
    [[nodiscard]] step pass(std::span<char> bytes, wire::tls_stream& to);
    [[nodiscard]] step send(std::string_view bytes, wire::tls_stream& to);

    wire::frame_follower follower_;
    outbox pending_;
    std::uint64_t bytes_ = 0;
    std::optional<wire::close_code> flaw_;
    bool closed_ = false;
    bool receiver_failed_ = false;
};

} // namespace gateway::relay
