#include "gateway/relay/frame_pump.hpp"

#include <algorithm>

namespace gateway::relay {

step frame_pump::send(std::string_view bytes, wire::tls_stream& to)
{
    bytes_ += bytes.size();
    receiver_failed_ = !bytes.empty() && pending_.send(to, bytes) == wire::progress::failed;
    if (receiver_failed_ || flaw_) return step::failed;
    return closed_ && pending_.empty() ? step::done : step::moved;
}

/// Sends on what may pass of `bytes`, which stand in the worker's window: what the follower had held back is
/// put into the room in front of them, and what stands behind a Pong of ours moves up, so that one write
/// carries all.
step frame_pump::pass(std::span<char> bytes, wire::tls_stream& to)
{
    auto* begin = bytes.data();
    auto* end = bytes.data();
    while (!bytes.empty() && !flaw_ && !closed_) {
        auto const may = follower_.feed(bytes);
        auto* const fresh = bytes.data() + may.skip;
        if (may.skip != 0 || !may.held.empty()) {
            begin = fresh - may.held.size();
            std::ranges::copy(may.held, begin);
            end = fresh;
        }
        if (end != fresh) std::copy(fresh, fresh + may.pass, end);
        end += may.pass;
        flaw_ = may.flaw;
        closed_ = may.closed;
        bytes = bytes.subspan(may.consumed);
    }
    return send({begin, end}, to);
}

step frame_pump::advance(wire::tls_stream& from, wire::tls_stream& to, scratch& memory)
{
    auto const flushed = pending_.flush(to);
    receiver_failed_ = flushed == wire::progress::failed;
    if (receiver_failed_) return step::failed;
    if (flushed == wire::progress::blocked) return step::blocked;
    if (closed_) return step::done;

    auto const got = from.read(memory.window());
    if (got.state == wire::progress::blocked) return step::blocked;
    if (got.state != wire::progress::moved) return step::failed;
    return pass(memory.window().first(got.bytes), to);
}

step frame_pump::begin_with(std::string_view early, wire::tls_stream& to, scratch& memory)
{
    std::ranges::copy(early, memory.window().begin());
    return pass(memory.window().first(early.size()), to);
}

step frame_pump::discard(wire::tls_stream& from, scratch& memory)
{
    if (closed_) return step::done;
    if (flaw_) return step::failed;
    auto const got = from.read(memory.window());
    if (got.state == wire::progress::blocked) return step::blocked;
    if (got.state != wire::progress::moved) return step::failed;
    auto bytes = std::span<char const>(memory.window().first(got.bytes));
    while (!bytes.empty() && !flaw_ && !closed_) {
        auto const seen = follower_.feed(bytes);
        flaw_ = seen.flaw;
        closed_ = seen.closed;
        bytes = bytes.subspan(seen.consumed);
    }
    return closed_ ? step::done : flaw_ ? step::failed : step::moved;
}

void frame_pump::put(std::string_view frame, wire::tls_stream& to)
{
    receiver_failed_ = pending_.send(to, frame) == wire::progress::failed;
}

} // namespace gateway::relay
