#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// WebSocket close codes (RFC 6455 §7.4.1).
enum class close_code : std::uint16_t {
    normal = 1000, going_away = 1001, protocol_error = 1002, none = 1005, abnormal = 1006, invalid_text = 1007,
    policy = 1008, too_big = 1009, internal_error = 1011, restart = 1012, try_later = 1013,
};

struct frame_limits {
    std::uint64_t frame_bytes_max = 16ULL * 1024 * 1024;
    std::uint64_t message_bytes_max = 16ULL * 1024 * 1024;
};

/// Which way frames go: those of a client must be masked, those of a server must not be (RFC 6455 §5.1).
enum class flow : std::uint8_t { from_client, from_server };

/// What a Ping of the gateway's own says, and its Pong says back (RFC 6455 §5.5.3).
using ping_payload = std::array<std::uint8_t, 8>;

/// Follows frame boundaries in the bytes of one direction. Data payload passes untouched and unread. Headers and
/// control frames pass whole: what has come of one is held here until the rest is there (at most 139 bytes), so that
/// a flaw in it shows before any of its bytes has passed, and a Close can be put in at any time outside of a payload.
class frame_follower {
public:
    frame_follower(flow way, frame_limits const& limits) noexcept;

    /// What may pass after a call to `feed`: first `held`, then `bytes.subspan(skip, pass)` of the input. `consumed`
    /// bytes were taken in all; the rest of the input, if any, must be fed again once `held` has been used.
    struct passage {
        std::string_view held; ///< a header or control frame that began in an earlier call; valid until the next one
        std::size_t skip = 0; ///< input bytes that are already part of `held`, or of a Pong that does not pass
        std::size_t pass = 0; ///< input bytes, behind `skip`, that may pass as they are
        std::size_t consumed = 0;
        std::optional<close_code> flaw; ///< the stream is broken from here on; what passes stands before the flaw
        bool closed = false; ///< the last frame that passes is a Close; nothing behind it counts
    };

    [[nodiscard]] passage feed(std::span<char const> bytes) noexcept;

    /// A Pong with this payload, once, answers the gateway and does not pass.
    void expect_pong(ping_payload const& payload) noexcept { expected_ = payload; }

    /// No payload is under way: a frame of the gateway's own may be sent now.
    [[nodiscard]] bool at_boundary() const noexcept;
    /// No message is under way either: a message of the gateway's own may be sent now.
    [[nodiscard]] bool between_messages() const noexcept { return at_boundary() && !in_message_; }
    /// The code of the Close that passed (1005 when it had none), once `closed`.
    [[nodiscard]] close_code closing_code() const noexcept { return code_; }
    [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; } ///< data messages that ended

private:
    /// What stands at the start of some bytes: a data frame's header, or a whole control frame.
    struct unit {
        std::size_t needed = 0;       ///< its length as far as it is known: more than there is when it is not whole
        std::uint64_t payload = 0;    ///< what of a data frame follows it
        std::uint8_t first = 0;       ///< FIN, RSV, opcode
        close_code code = close_code::none; ///< of a Close
        bool ours = false; ///< the Pong that was expected
        std::optional<close_code> flaw;
    };

    [[nodiscard]] unit inspect(std::span<char const> bytes) const noexcept;
    [[nodiscard]] std::optional<close_code> flaw_in_start(std::uint8_t first, std::uint8_t second) const noexcept;
    [[nodiscard]] std::optional<close_code> flaw_in_length(unit const& u, std::uint8_t second) const noexcept;
    [[nodiscard]] bool is_expected(std::span<char const> payload, std::span<std::uint8_t const, 4> mask) const noexcept;
    void enter(unit const& u) noexcept;
    void take_payload(std::uint64_t size) noexcept;
    void finish_held(std::span<char const> bytes, passage& out) noexcept;
    std::size_t pass_on(std::span<char const> bytes, std::size_t at, passage& out) noexcept;

    flow way_;
    bool in_message_ = false;   ///< a fragmented message is under way
    bool closed_ = false;
    std::uint8_t held_size_ = 0;
    close_code code_ = close_code::none;
    std::optional<close_code> flaw_;
    std::optional<ping_payload> expected_;
    frame_limits limits_;
    std::uint64_t payload_left_ = 0;
    std::uint64_t message_bytes_ = 0;
    std::uint64_t messages_ = 0;
    std::array<char, 2 + 8 + 4 + 125> held_{};
};

/// A Close frame with `code` and `reason` (at most 123 bytes are used). With a mask when it goes to a server.
[[nodiscard]] std::string make_close(close_code code, std::string_view reason, std::optional<std::array<std::uint8_t, 4>> mask = {});

/// A Ping as a server sends it.
[[nodiscard]] std::string make_ping(ping_payload const& payload);

/// A text message in one frame, as a server sends it; at most 65,535 bytes are used.
[[nodiscard]] std::string make_text(std::string_view text);

/// `Sec-WebSocket-Accept` for a key (RFC 6455 §4.2.2): base64 of SHA-1 of key and GUID.
[[nodiscard]] std::string accept_for(std::string_view key);

}
