#include "gateway/wire/body.hpp"

#include "gateway/base/chars.hpp"

#include <algorithm>
#include <cstring>

namespace gateway::wire {
namespace {

constexpr std::uint8_t digits_max = 16;
constexpr std::uint64_t chunk_bytes_max = ~std::uint64_t{0} >> 1; // some peers read larger sizes as negative

constexpr int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    char const letter = chars::lower(c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

} // namespace

body_decoder::body_decoder(framing how, std::uint64_t content_length) noexcept
    : how_{how}, state_{how == framing::chunked ? chunk::size : chunk::data}
{
    if (how == framing::length) left_ = content_length;
    if (how == framing::until_close) left_ = ~std::uint64_t{0};
    if (how != framing::chunked && left_ == 0) state_ = chunk::end;
}

body_decoder::piece body_decoder::feed(std::span<char> bytes) noexcept
{
    piece out;
    while (out.consumed < bytes.size() && state_ != chunk::end && state_ != chunk::broken) {
        if (state_ == chunk::data)
            take_data(bytes, out);
        else
            take(bytes[out.consumed++]);
    }
    if (state_ == chunk::end) out.now = state::done;
    if (state_ == chunk::broken) out.now = state::flawed;
    return out;
}

void body_decoder::take_data(std::span<char> bytes, piece& out) noexcept
{
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size() - out.consumed, left_));
    if (out.size == 0)
        out.offset = out.consumed;
    else
        std::memmove(&bytes[out.offset + out.size], &bytes[out.consumed], size);
    out.size += size;
    out.consumed += size;
    if (how_ == framing::until_close) return;
    left_ -= size;
    if (left_ == 0) state_ = how_ == framing::chunked ? chunk::data_cr : chunk::end;
}

/// One byte of what stands around the chunks. Extensions and trailers are counted, so that a peer cannot keep
/// the gateway busy with bytes that never become payload (Go CVE-2023-39326).
void body_decoder::take(char c) noexcept
{
    auto const expect = [c](char wanted, chunk next) { return c == wanted ? next : chunk::broken; };
    switch (state_) {
    case chunk::size:
        state_ = after_size(c);
        return;
    case chunk::size_lf:
        digits_ = 0;
        state_ = expect('\n', left_ == 0 ? chunk::trailer_start : chunk::data);
        return;
    case chunk::data_cr:
        state_ = expect('\r', chunk::data_lf);
        return;
    case chunk::data_lf:
        state_ = expect('\n', chunk::size);
        return;
    case chunk::last_lf:
        state_ = expect('\n', chunk::end);
        return;
    case chunk::extension:
    case chunk::quoted:
    case chunk::escaped:
        state_ = after_extension(c);
        break;
    default:
        state_ = after_trailer(c);
        break;
    }
    if (++overhead_ > overhead_bytes_max) state_ = chunk::broken;
}

body_decoder::chunk body_decoder::after_size(char c) noexcept
{
    if (int const value = hex_value(c); value >= 0) {
        left_ = left_ << 4 | static_cast<std::uint64_t>(value); // 0 before the first digit
        return ++digits_ > digits_max || left_ > chunk_bytes_max ? chunk::broken : chunk::size;
    }
    if (digits_ == 0) return chunk::broken;
    if (c == '\r') return chunk::size_lf;
    return c == ';' ? chunk::extension
                    : chunk::broken; // the space that RFC 9112 §7.1.1 tolerates here is refused
}

/// Quoted strings are followed, so that no two readers can disagree about where the line ends.
body_decoder::chunk body_decoder::after_extension(char c) const noexcept
{
    if (c == '\r' && state_ == chunk::extension) return chunk::size_lf;
    if (!chars::is(chars::kind::value, c)) return chunk::broken;
    if (state_ == chunk::escaped) return chunk::quoted;
    if (c == '"') return state_ == chunk::quoted ? chunk::extension : chunk::quoted;
    return c == '\\' && state_ == chunk::quoted ? chunk::escaped : state_;
}

/// Trailers are field lines like any other (RFC 9112 §7.1.2), checked as such.
body_decoder::chunk body_decoder::after_trailer(char c) const noexcept
{
    switch (state_) {
    case chunk::trailer_start:
        if (c == '\r') return chunk::last_lf;
        return chars::is(chars::kind::token, c) ? chunk::trailer_name : chunk::broken;
    case chunk::trailer_name:
        if (c == ':') return chunk::trailer_value;
        return chars::is(chars::kind::token, c) ? chunk::trailer_name : chunk::broken;
    case chunk::trailer_value:
        if (c == '\r') return chunk::trailer_lf;
        return chars::ends_value(c) ? chunk::broken : chunk::trailer_value;
    default:
        return c == '\n' ? chunk::trailer_start : chunk::broken;
    }
}

std::size_t write_chunk_line_before(char* end, std::uint64_t size) noexcept
{
    constexpr std::string_view digits = "0123456789abcdef";
    char* at = end;
    *--at = '\n';
    *--at = '\r';
    for (; size != 0; size >>= 4)
        *--at = digits[size & 15];
    return static_cast<std::size_t>(end - at);
}

} // namespace gateway::wire
