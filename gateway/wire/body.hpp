#pragma once
#include "gateway/wire/head.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gateway::wire {

/// Finds the payload in the bytes of one message's body (RFC 9112 §6, §7). Strict: chunk sizes are 1 to 16 hexadecimal
/// digits, lines end in CRLF, extensions and trailers are checked, counted against a bound and dropped.
class body_decoder {
public:
    enum class state : std::uint8_t { more, done, flawed };

    /// What one call found. The payload was moved together in place: it stands at `offset` in the given bytes.
    struct piece {
        std::size_t consumed = 0; ///< bytes of the input that belong to this body
        std::size_t offset = 0;
        std::size_t size = 0;
        state now = state::more;
    };

    body_decoder() noexcept : body_decoder(framing::none, 0) {}
    body_decoder(framing how, std::uint64_t content_length) noexcept;

    /// Takes what has arrived. Stops at the end of the body: what follows belongs to the next message. Payload that
    /// came in several chunks is compacted; one chunk is not moved. With `flawed`, `size` bytes of payload stand before
    /// the flaw; every later call is `flawed` too.
    [[nodiscard]] piece feed(std::span<char> bytes) noexcept;
    /// The connection ended in good order here. True when that ends the body well.
    [[nodiscard]] bool ends_with_close() const noexcept { return how_ == framing::until_close; }
    [[nodiscard]] bool done() const noexcept { return state_ == chunk::end; }

    static constexpr std::size_t overhead_bytes_max = std::size_t{16} * 1024; ///< chunk extensions and trailers, a body
private:
    enum class chunk : std::uint8_t {
        size, extension, quoted, escaped, size_lf, data, data_cr, data_lf,
        trailer_start, trailer_name, trailer_value, trailer_lf, last_lf, end, broken
    };

    void take_data(std::span<char> bytes, piece& out) noexcept;
    void take(char c) noexcept;
    [[nodiscard]] chunk after_size(char c) noexcept;
    [[nodiscard]] chunk after_extension(char c) const noexcept;
    [[nodiscard]] chunk after_trailer(char c) const noexcept;

    framing how_;
    chunk state_;
    std::uint8_t digits_ = 0;
    std::uint16_t overhead_ = 0;
    std::uint64_t left_ = 0;
};

/// The line that opens a chunk of `size` bytes goes right before the payload, CRLF right behind it.
inline constexpr std::size_t chunk_line_bytes_max = 18;
inline constexpr std::string_view chunk_end = "\r\n";
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// Writes the chunk line for `size` so that it ends at `end`; returns its length. `size` is not 0.
[[nodiscard]] std::size_t write_chunk_line_before(char* end, std::uint64_t size) noexcept;

}
