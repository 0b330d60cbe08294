#pragma once
#include "tests/bench/wire/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench::origin {

/// A row of pieces of the same size, one after the other or one each `gap`.
class stream {
public:
    enum class form : std::uint8_t {
        chunks,   ///< of a chunked body
        events,   ///< Server-Sent Events in such chunks, each with the time at which it leaves
        messages, ///< binary WebSocket messages
    };
    stream(form as, std::size_t pieces, std::size_t piece_bytes, nanoseconds gap, instant now);

    [[nodiscard]] bool ended() const { return sent_ == pieces_; }
    [[nodiscard]] instant next_at() const { return next_at_; }
    /// Appends the next piece; after the last chunk, the body's end.
    void append_next(std::string& to);

private:
    form as_;
    std::size_t pieces_;
    std::size_t sent_ = 0;
    std::size_t piece_bytes_;
    nanoseconds gap_;
    instant next_at_;
};

/// Appends `content` as a chunk of a body.
void append_chunk(std::string& to, std::string_view content);
/// As many bytes of sound as asked for, 1 MiB at most.
[[nodiscard]] std::string_view sound(std::size_t bytes);

inline constexpr std::string_view body_end = "0\r\n\r\n";

} // namespace bench::origin
