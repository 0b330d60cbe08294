/// One direction of a link that has a length: what enters leaves in the same order, one delay later. Knows
/// neither sockets nor the time, so that every rule of the link can be tested without waiting.
#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <string>

namespace first_audio {

using steady = std::chrono::steady_clock;

class delay_line {
public:
    static constexpr std::size_t pieces_max = 64;
    static constexpr std::size_t piece_bytes_max = 16 * 1024;

    /// What enters before `open_from` sets out at `open_from`: until then the connection is being made.
    delay_line(steady::duration delay, steady::time_point open_from);

    void
    enter(std::string bytes, steady::time_point now); ///< at most `piece_bytes_max`, and only if not `full`
    void enter_end(steady::time_point now);           ///< of the stream; nothing enters after it
    [[nodiscard]] bool full() const { return under_way_.size() >= pieces_max; }

    /// When the next piece leaves; never (the end of time), when none is under way.
    [[nodiscard]] steady::time_point due() const;
    /// The next piece; empty: the end of the stream. Only when one is under way.
    [[nodiscard]] std::string leave();

private:
    struct piece {
        steady::time_point due;
        std::string bytes;
    };

    steady::duration delay_;
    steady::time_point open_from_;
    std::deque<piece> under_way_;
};

} // namespace first_audio
