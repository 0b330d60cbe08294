#include "gateway/relay/forward.hpp"

#include <utility>

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

/// A new link; without one, `so_far` says why.
task<upstream::lease> connect(client_side& client, services& with, forwarded& so_far)
{
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

/// One request and its answer on one link: both directions at once, until the answer is complete or nothing
/// more can come of it.
class attempt {
public:
    attempt(
        exchange& what,
        client_side& client,
        term_watch& term,
        upstream::link& link,
        services& with,
        forwarded& so_far) noexcept
        : what_(what),
          client_(client),
          term_(term),
          link_(link),
          with_(with),
          so_far_(so_far),
          down_(what.facts, with.limits.response_head_bytes)
    {
    }

    void begin()
    {
        auto const sent = what_.body.begin(link_, what_.request);
        uploading_ = sent == wire::progress::failed ? step::failed : step::moved;
    }
    [[nodiscard]] pause go_on();
    [[nodiscard]] download& answer() noexcept { return down_; }

private:
    [[nodiscard]] step advance();
    [[nodiscard]] step fail(fault why) noexcept
    {
        so_far_.failed = why;
        return step::failed;
    }

    exchange& what_;
    client_side& client_;
    term_watch& term_;
    upstream::link& link_;
    services& with_;
    forwarded& so_far_;
    download down_;
    step uploading_ = step::moved;
    unsigned moves_ = 0;
    bool waited_ = false;
};

step attempt::advance()
{
    if (uploading_ != step::failed) uploading_ = what_.body.advance(client_, link_, with_.memory);
    if (what_.body.failure()) return fail(*what_.body.failure());

    // A failed upload alone ends nothing: the upstream may have answered early and closed.
    auto const seen_before = down_.answer_seen();
    auto const downloading = down_.advance(client_, link_, with_.memory, what_.body.complete());
    if (!seen_before && down_.answer_seen()) so_far_.first_byte = std::chrono::steady_clock::now();
    if (downloading == step::done) return step::done;
    so_far_.client_left = down_.client_failed() || what_.body.client_left() || client_.socket.peer_closed();
    if (downloading == step::failed || so_far_.client_left) return fail(fault::upstream_bad_answer);
    return uploading_ == step::moved ? step::moved : downloading;
}

pause attempt::go_on()
{
    so_far_.ended = term_.over();
    if (so_far_.ended) return pause::over;
    if (std::exchange(waited_, false) && client_.timer.passed()) {
        so_far_.failed = fault_after_timeout(what_.body);
        return pause::over;
    }
    for (;;) {
        auto const how = advance();
        if (how == step::done || how == step::failed) return pause::over;
        if (how == step::moved) {
            if (++moves_ % moves_in_a_turn == 0) return pause::turn;
            continue;
        }
        client_.timer.arm(patience(what_.body, down_, with_.limits));
        waited_ = true;
        return pause::news;
    }
}

void conclude(forwarded& so_far, exchange const& what, download& down, upstream::lease link, services& with)
{
    so_far.status = down.status();
    so_far.bytes_up += what.body.bytes();
    so_far.bytes_down = down.bytes();
    so_far.events = down.has_events();
    if (so_far.failed || so_far.ended) return;
    if (!link->reused) link->tls.give_back_buffers(); // the tickets of a new link came before this answer
    if (down.switched()) {
        so_far.early_frames = down.take_unread();
        so_far.switched = std::move(link);
        return;
    }
    so_far.client_reusable = down.client_reusable();
    if (down.upstream_reusable() && what.body.sent()) with.pool.give_back(std::move(link));
}

/// An event stream whose term is over says so. True: the client has it, and the end of the body.
task<bool> say_last(download& down, std::string_view error, client_side& client, services& with)
{
    auto const event = std::string("event: error\ndata: ").append(error).append("\n\n");
    if (down.say_last(client, event) == step::failed) co_return false;
    co_return co_await deliver_rest(down.rest(), client, with.limits.closing);
}

} // namespace

task<forwarded> forward(exchange& what, client_side& client, stream_term& term, services& with)
{
    forwarded result;
    term_watch watched(term, with.wheel, client.wake);
    auto const replayable = what.body.complete() && what.request.size() <= with.limits.replay_bytes;
    for (;;) {
        auto link = result.retried ? upstream::lease{} : with.pool.take_idle(client.wake);
        if (!link) link = co_await connect(client, with, result);
        if (!link) break;
        result.upstream_reused = link->reused;
        attempt carrying(what, client, watched, *link, with, result);
        carrying.begin();
        for (auto next = carrying.go_on(); next != pause::over; next = carrying.go_on())
            co_await until(next, client.wake);
        auto const died_idle = result.failed == fault::upstream_bad_answer && !result.client_left &&
                               !carrying.answer().answer_seen();
        if (died_idle && link->reused && replayable && !result.retried) {
            result.retried = true;
            result.failed.reset();
            what.body.forget_unsent();
            continue;
        }
        if (result.ended && carrying.answer().tells_events()) {
            stream_voice const voice{what.facts.form, false, what.facts.request_id};
            auto const error = stream_error(*result.ended, voice);
            if (!error.empty()) result.told_end = co_await say_last(carrying.answer(), error, client, with);
        }
        conclude(result, what, carrying.answer(), std::move(link), with);
        break;
    }
    client.timer.disarm();
    co_return result;
}

} // namespace gateway::relay
