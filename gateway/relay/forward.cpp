#include "gateway/relay/forward.hpp"

namespace gateway::relay {

namespace {

fault fault_for(upstream::connect_failure why) noexcept
{
    switch (why) {
    case upstream::connect_failure::timeout:
        return fault::upstream_timeout;
    case upstream::connect_failure::too_many:
        return fault::overloaded;
    case upstream::connect_failure::no_address:
    case upstream::connect_failure::refused:
    case upstream::connect_failure::tls:
    case upstream::connect_failure::given_up:
        break;
    }
    return fault::upstream_unreachable;
}

task<upstream::lease> lease(client_side& client, services& with, bool may_be_old, forwarded& so_far)
{
    if (may_be_old) {
        auto idle = with.pool.take_idle(client.wake);
        if (idle) co_return idle;
    }
    ++so_far.connects;
    auto made = co_await with.pool.connect(client.wake, &client.socket);
    if (!made.to) {
        ++so_far.connect_failures;
        so_far.failed = fault_for(made.why);
        so_far.client_left = made.why == upstream::connect_failure::given_up;
    }
    co_return std::move(made.to);
}

/// How long the next wait may take: it depends on who is to do what.
std::chrono::milliseconds
patience(upload const& up, download const& down, limits_config const& limits) noexcept
{
    if (down.client_blocked()) return limits.write_stall;
    if (!up.sent()) return limits.body_stall;
    return down.head_sent() ? limits.stream_stall : limits.upstream_answer;
}

fault fault_after_timeout(upload const& up) noexcept
{
    return up.complete() ? fault::upstream_timeout : fault::request_timeout;
}

/// Both directions at once, until the answer is complete or nothing more can come of it.
task<> relay(
    exchange& what,
    client_side& client,
    upstream::link& link,
    download& down,
    services& with,
    forwarded& so_far)
{
    unsigned moves = 0;
    auto uploading =
        what.body.begin(link, what.request) == wire::progress::failed ? step::failed : step::moved;
    for (;;) {
        if (uploading != step::failed) uploading = what.body.advance(client, link, with.memory);
        if (what.body.failure()) {
            so_far.failed = what.body.failure();
            co_return;
        }
        // A failed upload alone ends nothing: the upstream may have answered early and closed.
        auto const seen_before = down.answer_seen();
        auto const downloading = down.advance(client, link, with.memory, what.body.complete());
        if (!seen_before && down.answer_seen()) so_far.first_byte = std::chrono::steady_clock::now();
        if (downloading == step::done) co_return;
        so_far.client_left = down.client_failed() || what.body.client_left() || client.socket.peer_closed();
        if (downloading == step::failed || so_far.client_left) {
            so_far.failed = fault::upstream_bad_answer;
            co_return;
        }
        if (downloading == step::moved || uploading == step::moved) {
            if (++moves % moves_in_a_turn == 0) co_await client.wake.yield();
            continue;
        }
        client.timer.arm(patience(what.body, down, with.limits));
        co_await client.wake.next();
        if (!client.timer.passed()) continue;
        so_far.failed = fault_after_timeout(what.body);
        co_return;
    }
}

void conclude(forwarded& so_far, exchange const& what, download& down, upstream::lease link, services& with)
{
    so_far.status = down.status();
    so_far.bytes_up += what.body.bytes();
    so_far.bytes_down = down.bytes();
    if (so_far.failed) return;
    if (down.switched()) {
        so_far.early_frames = down.take_unread();
        so_far.switched = std::move(link);
        return;
    }
    so_far.client_reusable = down.client_reusable();
    if (down.upstream_reusable() && what.body.sent()) with.pool.give_back(std::move(link));
}

} // namespace

task<forwarded> forward(exchange& what, client_side& client, services& with)
{
    forwarded result;
    auto const replayable = what.body.complete() && what.request.size() <= with.limits.replay_bytes;
    for (;;) {
        auto link = co_await lease(client, with, !result.retried, result);
        if (!link) break;
        result.upstream_reused = link->reused;
        download down(what.facts, with.limits.response_head_bytes);
        co_await relay(what, client, *link, down, with, result);
        auto const died_idle =
            result.failed == fault::upstream_bad_answer && !result.client_left && !down.answer_seen();
        if (died_idle && link->reused && replayable && !result.retried) {
            result.retried = true;
            result.failed.reset();
            what.body.forget_unsent();
            continue;
        }
        conclude(result, what, down, std::move(link), with);
        break;
    }
    client.timer.disarm();
    co_return result;
}

} // namespace gateway::relay
