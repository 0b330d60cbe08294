#include "gateway/relay/framing.hpp"
#include "tests/fuzz/heads.hpp"
#include "tests/fuzz/targets.hpp"

namespace fuzz {
namespace {

using namespace gateway::wire;

struct announced {
    framing how;
    std::uint64_t content_length;
};

announced announced_by(char first) noexcept
{
    if (first == 'u') return {framing::until_close, 0};
    if (first >= '0' && first <= '9') return {framing::length, static_cast<std::uint64_t>(first - '0') * 3};
    return {framing::chunked, 0};
}

void check_read_back(std::string const& chunks, std::string_view payload)
{
    auto const whole = simple::body_verdict{body_decoder::state::done, chunks.size(), std::string(payload)};
    promise(
        simple::read_body(chunks, framing::chunked, 0) == whole,
        "chunks that are written are read as they were meant");
}

/// What goes on in chunks is read again as the same payload, be it appended or framed where it stands, with
/// no more room around it than there must be.
void check_chunks_of_ours(std::string_view payload)
{
    std::string out;
    gateway::relay::append_chunk(out, payload.substr(0, payload.size() / 2), false);
    gateway::relay::append_chunk(out, payload.substr(payload.size() / 2), true);
    check_read_back(out, payload);

    std::vector<char> room(chunk_line_bytes_max + payload.size() + chunk_end.size() + last_chunk.size());
    auto const place = std::span(room).subspan(chunk_line_bytes_max, payload.size());
    std::ranges::copy(payload, place.begin());
    auto const framed = gateway::relay::chunk_in_place(place, true);
    check_read_back({framed.begin(), framed.end()}, payload);
}

} // namespace

void body(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const [how, content_length] = announced_by(bytes.front());
    auto const text = std::string(bytes.substr(1));
    auto const wanted = simple::read_body(text, how, content_length);
    for (unsigned way = 0; way < ways_of_cutting; ++way)
        promise(
            decode_in_pieces(text, way, how, content_length) == wanted,
            "both readers see the same body, for every split");
    check_chunks_of_ours(wanted.payload);
}

} // namespace fuzz
