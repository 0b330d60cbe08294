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

/// What goes on in chunks is read again as the same payload.
void check_chunks_of_ours(std::string_view payload)
{
    std::string out;
    gateway::relay::append_chunk(out, payload.substr(0, payload.size() / 2), false);
    gateway::relay::append_chunk(out, payload.substr(payload.size() / 2), true);
    auto const again = simple::read_body(out, framing::chunked, 0);
    auto const whole = simple::body_verdict{body_decoder::state::done, out.size(), std::string(payload)};
    promise(again == whole, "chunks that are written are read as they were meant");
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
