// The gateway's own endpoints: their bodies are read whole, within a small limit.
#include "gateway/edge/admit.hpp"
#include "gateway/edge/connection.hpp"

namespace gateway::edge {

/// Adds to `into` what the body still lacks.
task<std::optional<fault>>
connection::read_own_body(wire::body_decoder body, bool expects_continue, std::string& into)
{
    auto bytes = rest_;
    timer_.arm(at_.limits.head);
    for (;;) {
        auto const piece = body.feed(bytes);
        into.append(bytes.data() + piece.offset, piece.size);
        if (piece.now == wire::body_decoder::state::flawed) co_return fault::malformed_body;
        if (into.size() > at_.limits.own_body_bytes) co_return fault::body_too_large;
        if (body.done()) {
            auto const behind = bytes.subspan(piece.consumed);
            unread_.assign(behind.data(), behind.size());
            co_return std::nullopt;
        }
        if (std::exchange(expects_continue, false) && !co_await send(std::string(continue_line)))
            co_return fault::request_timeout;
        auto got = tls_->read(at_.memory.window());
        while (got.state == wire::progress::blocked) {
            co_await wake_.next();
            if (timer_.passed()) co_return fault::request_timeout;
            got = tls_->read(at_.memory.window());
        }
        if (got.state != wire::progress::moved) co_return fault::request_timeout;
        bytes = at_.memory.window().first(got.bytes);
    }
}

task<connection::after> connection::answer_own(session::endpoint_name which, entry& line)
{
    auto const window = at_.memory.window();
    auto const head_text = std::string(window.data(), head_bytes_);
    auto how = reply_for(at_.memory.request, line, at_.memory.request.keep_alive && !ending_);
    wire::body_decoder const decoder(at_.memory.request.body, at_.memory.request.content_length);
    std::string body;
    auto const flaw = co_await read_own_body(decoder, at_.memory.request.expects_continue, body);
    rest_ = {};
    if (flaw) {
        how.keep_alive = false;
        how.now = wall_clock();
        line.refused(words_for(*flaw).status, log_name(*flaw));
        co_await send(write_refusal(words_for(*flaw), how));
        co_return after::close;
    }

    // The head is read anew from its copy: the worker's memory may hold another by now.
    auto& head = at_.memory.request;
    std::size_t scanned = 0;
    if (read_request_head(head_text, {}, scanned, head).state != wire::head_state::complete)
        co_return after::close;
    judged_facts const facts(head);
    session::own_request const request{which, facts.request(), body};
    auto const now = wall_clock();
    auto result = at_.endpoints.handle(request, at_.revoked.get(), now);
    if (result.revoke) {
        at_.around.revoked.add(*result.revoke, now);
        at_.metrics.tokens_revoked.add();
    }
    if (result.renewed) at_.around.renewals.note(result.renewed->sid, *result.renewed->stream_until, now);
    how.allowed = result.allowed;
    how.now = now;
    auto const text = conclude_own(result, how, line);
    auto const sent = co_await send(text);
    co_return sent&& how.keep_alive ? after::next : after::close;
}

/// The answer's bytes; notes it in the log.
std::string connection::conclude_own(session::outcome const& result, reply_context const& how, entry& line)
{
    if (auto const* const said = std::get_if<answer>(&result.reply)) {
        line.answered(said->status, result.who, {});
        return write_answer(*said, how);
    }
    auto const* const denied = std::get_if<policy::denial>(&result.reply);
    auto words = denied ? words_for(*denied) : words_for(std::get<fault>(result.reply));
    if (!result.message.empty()) words.message = result.message;
    auto const name = denied ? policy::log_name(*denied) : log_name(std::get<fault>(result.reply));
    if (denied) at_.metrics.denied[static_cast<std::size_t>(*denied)].add();
    line.answered(words.status, result.who, name);
    return write_refusal(words, how);
}

} // namespace gateway::edge
