#include "gateway/upstream/answer_reader.hpp"
#include "tests/fuzz/heads.hpp"
#include "tests/fuzz/targets.hpp"

namespace fuzz {
namespace {

using gateway::upstream::answer_reader;
using namespace gateway::wire;

constexpr std::size_t body_bytes_max = 64;

struct outcome {
    answer_reader::state now{};
    unsigned status = 0;
    std::string body{};

    friend bool operator==(outcome const&, outcome const&) = default;
};

outcome read_in_pieces(std::string_view bytes, unsigned way)
{
    answer_reader reader(body_bytes_max);
    auto cut = cutter(bytes, way);
    for (auto rest = bytes; !rest.empty();) {
        auto const part = rest.substr(0, cut.next());
        rest.remove_prefix(part.size());
        std::vector<char> exact(part.begin(), part.end());
        reader.feed(exact);
    }
    reader.end();
    outcome out{reader.now(), reader.status(), reader.take_body()};
    promise(out.now != answer_reader::state::more, "what has ended wants nothing more");
    promise(out.body.size() <= body_bytes_max, "no more is kept than may be");
    if (out.now != answer_reader::state::whole) out.body.clear(); // how far it came depends on the pieces
    return out;
}

/// The same from the whole text, the interim answers passed over one after the other.
outcome read_simply(std::string text)
{
    outcome out{.now = answer_reader::state::flawed};
    for (;;) {
        auto const head = simple::read_response(text, response_limits(answer_reader::head_bytes_max), false);
        if (head.state != head_state::complete || head.what.status == 101) return out;
        text.erase(0, head.bytes);
        if (head.what.status < 200) continue;
        out.status = head.what.status;
        auto const body = simple::read_body(text, head.what.body, head.what.content_length);
        if (body.payload.size() > body_bytes_max) {
            out.now = answer_reader::state::too_large;
        } else if (
            body.now == body_decoder::state::done ||
            (body.now == body_decoder::state::more && head.what.body == framing::until_close)) {
            out.now = answer_reader::state::whole;
            out.body = body.payload;
        }
        return out;
    }
}

} // namespace

void answer(std::string_view bytes)
{
    if (bytes.size() > answer_reader::head_bytes_max)
        return; // one bound for all heads, which depends on the pieces
    auto const wanted = read_simply(std::string(bytes));
    for (unsigned way = 0; way < ways_of_cutting; ++way)
        promise(read_in_pieces(bytes, way) == wanted, "both readers see the same answer, for every split");
}

} // namespace fuzz
