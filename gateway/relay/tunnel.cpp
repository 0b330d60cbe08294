#include "gateway/relay/tunnel.hpp"

#include "gateway/relay/frame_pump.hpp"
#include "gateway/relay/heartbeat.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gateway::relay {

namespace {

/// How long the client waits for the first that the upstream says to what it said.
class first_answer {
public:
    void look_at(std::uint64_t up, std::uint64_t down) noexcept
    {
        using clock = std::chrono::steady_clock;
        if (took_ || up == 0) return;
        if (!asked_at_) {
            asked_at_ = clock::now();
            down_before_ = down;
        } else if (down > down_before_) {
            took_ = clock::now() - *asked_at_;
        }
    }
    [[nodiscard]] std::optional<std::chrono::steady_clock::duration> took() const noexcept { return took_; }

private:
    std::optional<std::chrono::steady_clock::time_point> asked_at_;
    std::uint64_t down_before_ = 0;
    std::optional<std::chrono::steady_clock::duration> took_;
};

/// Both directions and what is known of their end.
struct both_ways {
    frame_pump up;
    frame_pump down;
    first_answer first;
    tunnelled end;

    explicit both_ways(limits_config const& limits)
        : up(wire::flow::from_client, {limits.frame_bytes, limits.message_bytes}),
          down(wire::flow::from_server, {limits.frame_bytes, limits.message_bytes})
    {
    }

    [[nodiscard]] bool ordered_to_end() const noexcept { return end.why.has_value(); }
};

/// Why the tunnel cannot go on, after a pump failed.
stream_end end_for(frame_pump const& failed, bool upwards) noexcept
{
    if (failed.flaw() == wire::close_code::too_big) return stream_end::too_big;
    if (failed.flaw()) return stream_end::protocol_error;
    auto const client_is_gone = upwards != failed.receiver_failed();
    return client_is_gone ? stream_end::client_gone : stream_end::upstream_gone;
}

void note_close(both_ways& both) noexcept
{
    if (!both.end.closed_by.empty() || both.ordered_to_end()) return;
    if (!both.up.closed() && !both.down.closed()) return;
    both.end.closed_by = both.up.closed() ? "client" : "upstream";
    both.end.code = static_cast<std::uint16_t>((both.up.closed() ? both.up : both.down).closing_code());
}

/// A peer that ends its connection instead of answering a Close: the other one gets its answer from here.
void answer_for_the_upstream(both_ways& both, client_side& client)
{
    if (!both.up.closed() || both.down.closed() || !both.down.at_boundary()) return;
    auto const code =
        both.up.closing_code() == wire::close_code::none ? wire::close_code::normal : both.up.closing_code();
    both.down.put(wire::make_close(code, {}), client.tls);
}

milliseconds patience_for(bool closing, bool stuck, limits_config const& limits) noexcept
{
    if (closing) return limits.closing;
    return stuck ? limits.write_stall : limits.websocket_idle;
}

/// Until both sides have closed, somebody fails, or an order to end comes.
task<>
carry(both_ways& both, client_side& client, upstream::link& link, tunnel_setting const& set, services& with)
{
    term_watch term(set.term, with.wheel, client.wake);
    heartbeat beat(with.wheel, client.wake, with.limits.websocket_ping, set.random);
    unsigned moves = 0;
    std::uint64_t delivered = 0;
    milliseconds patience{0};
    for (;;) {
        auto const up = both.up.advance(client.tls, link.tls, with.memory);
        auto const down = both.down.advance(link.tls, client.tls, with.memory);
        note_close(both);
        auto const closing = both.up.closed() || both.down.closed();
        if (up == step::done && down == step::done) co_return;
        if (closing && (up == step::failed || down == step::failed))
            co_return answer_for_the_upstream(both, client);
        both.end.why = term.over();
        if (up == step::failed) both.end.why = end_for(both.up, true);
        if (down == step::failed) both.end.why = end_for(both.down, false);
        if (both.ordered_to_end()) co_return;
        if (up == step::moved || down == step::moved) {
            both.first.look_at(both.up.bytes(), both.down.bytes());
            beat.heard();
            if (++moves % moves_in_a_turn == 0) co_await client.wake.yield();
            continue;
        }
        auto const stuck = both.up.receiver_blocked() || both.down.receiver_blocked();
        if (stuck) beat.heard(); // there is a limit of its own
        if (!closing && beat.over(both.up, both.down, client.tls)) both.end.why = stream_end::client_gone;
        if (both.ordered_to_end()) co_return;
        auto const patience_before = std::exchange(patience, patience_for(closing, stuck, with.limits));
        auto const delivered_before = std::exchange(delivered, both.up.delivered() + both.down.delivered());
        // Whatever else wakes us is no progress; our pings and their pongs are none.
        if (delivered != delivered_before || patience != patience_before) client.timer.arm(patience);
        co_await client.wake.next();
        if (!client.timer.passed()) continue;
        if (!closing) both.end.why = stream_end::idle;
        co_return;
    }
}

/// While the end is under way others go first: a peer that pours out what is dropped anyway must not hold up
/// the worker.
waker::awaiter next_turn(client_side& client, bool moved) noexcept
{
    return moved ? client.wake.yield() : client.wake.next();
}

/// Puts `words` to both sides. A frame under way is let to its end first, within the time for closing: a
/// Close in its middle would be read as payload.
task<> say_goodbye(
    both_ways& both,
    client_side& client,
    upstream::link& link,
    closing_words words,
    tunnel_setting const& set,
    services& with)
{
    client.timer.arm(with.limits.closing);
    auto const code = static_cast<wire::close_code>(words.code);
    auto told_client = both.down.closed() || both.end.why == stream_end::client_gone;
    auto told_upstream = both.up.closed() || both.end.why == stream_end::upstream_gone;
    for (;;) {
        if (!told_client && both.down.at_boundary()) {
            auto const error = stream_error(*both.end.why, set.voice);
            if (!error.empty() && both.down.between_messages())
                both.down.put(wire::make_text(error), client.tls);
            both.down.put(wire::make_close(code, words.reason), client.tls);
            told_client = true;
        }
        if (!told_upstream && both.up.at_boundary()) {
            std::array<std::uint8_t, 4> mask{};
            set.random(mask);
            both.up.put(wire::make_close(wire::close_code::going_away, {}, mask), link.tls);
            told_upstream = true;
        }
        if (told_client && told_upstream) co_return;
        auto moved = false;
        if (!told_client) {
            auto const down = both.down.advance(link.tls, client.tls, with.memory);
            if (down == step::failed) told_client = true;
            moved = down == step::moved;
        }
        if (!told_upstream) {
            auto const up = both.up.advance(client.tls, link.tls, with.memory);
            if (up == step::failed) told_upstream = true;
            moved = moved || up == step::moved;
        }
        co_await next_turn(client, moved);
        if (client.timer.passed()) co_return;
    }
}

/// The last words go out, and both sides have a moment for theirs. The client, once it has said its Close,
/// sees the connection end; the upstream, being the server, ends its own first (RFC 6455 §7.1.1). What else
/// comes is dropped.
task<> await_ends(both_ways& both, client_side& client, upstream::link& link, services& with)
{
    client.timer.arm(with.limits.closing);
    auto client_over = both.end.why == stream_end::client_gone;
    auto upstream_over = both.end.why == stream_end::upstream_gone;
    auto parted = client_over;
    for (;;) {
        auto const heard = client_over ? step::done : both.up.discard(client.tls, with.memory);
        client_over = heard == step::done || heard == step::failed;
        if (client_over && !parted && both.down.flushed(client.tls)) {
            client.tls.close_notify();
            client.socket.finish();
            parted = true;
        }
        auto const flushed = both.up.flushed(link.tls);
        auto const got = upstream_over ? wire::progress::closed : link.tls.read(with.memory.window()).state;
        upstream_over = flushed && (got == wire::progress::closed || got == wire::progress::failed);
        if (parted && upstream_over) co_return;
        co_await next_turn(client, heard == step::moved || got == wire::progress::moved);
        if (client.timer.passed()) co_return;
    }
}

} // namespace

task<tunnelled> tunnel(
    client_side& client,
    upstream::link& link,
    std::string_view early_frames,
    tunnel_setting const& set,
    services& with)
{
    both_ways both(with.limits);
    if (both.down.begin_with(early_frames, client.tls, with.memory) == step::failed)
        both.end.why = end_for(both.down, false);
    auto const early_from_client = std::exchange(client.unread, {});
    if (both.up.begin_with(early_from_client, link.tls, with.memory) == step::failed)
        both.end.why = end_for(both.up, true);
    if (!both.ordered_to_end()) co_await carry(both, client, link, set, with);
    if (both.ordered_to_end()) {
        auto words = words_for(*both.end.why);
        if (auto const flaw = both.up.flaw() ? both.up.flaw() : both.down.flaw())
            words.code = static_cast<std::uint16_t>(*flaw);
        both.end.closed_by = both.end.why == stream_end::client_gone ? "client" : "gateway";
        both.end.code = both.end.why == stream_end::client_gone ? std::uint16_t{1006} : words.code;
        co_await say_goodbye(both, client, link, words, set, with);
    }
    co_await await_ends(both, client, link, with);
    both.end.bytes_up = both.up.bytes();
    both.end.bytes_down = both.down.bytes();
    both.end.first_answer = both.first.took();
    client.timer.disarm();
    co_return both.end;
}

} // namespace gateway::relay
