#include "tests/bench/origin/stream.hpp"

#include "tests/bench/wire/frame.hpp"

#include <array>
#include <charconv>

namespace bench::origin {

namespace {

void append_event(std::string& to, std::size_t number, std::size_t bytes)
{
    auto const now = nanoseconds(clock::now().time_since_epoch()).count();
    auto text = "event: chunk\ndata: {\"seq\":" + std::to_string(number) + ",\"t\":" + std::to_string(now) +
                ",\"d\":\"";
    constexpr std::string_view end = "\"}\n\n";
    if (text.size() + end.size() < bytes) text += sound(bytes - text.size() - end.size());
    text += end;
    append_chunk(to, text);
}

} // namespace

std::string_view sound(std::size_t bytes)
{
    static std::string const silence(1UL << 20U, 'x');
    return std::string_view(silence).substr(0, bytes);
}

void append_chunk(std::string& to, std::string_view content)
{
    std::array<char, 16> size{};
    auto const end = std::to_chars(size.data(), size.data() + size.size(), content.size(), 16).ptr;
    to.append(size.data(), end);
    to += "\r\n";
    to += content;
    to += "\r\n";
}

stream::stream(form as, std::size_t pieces, std::size_t piece_bytes, nanoseconds gap, instant now)
    : as_(as), pieces_(pieces), piece_bytes_(piece_bytes), gap_(gap), next_at_(now)
{
}

void stream::append_next(std::string& to)
{
    switch (as_) {
    case form::chunks:
        append_chunk(to, sound(piece_bytes_));
        break;
    case form::events:
        append_event(to, sent_, piece_bytes_);
        break;
    case form::messages:
        append_frame(to, opcode::binary, sound(piece_bytes_));
        break;
    }
    ++sent_;
    next_at_ += gap_;
    if (ended() && as_ != form::messages) to += body_end;
}

} // namespace bench::origin
