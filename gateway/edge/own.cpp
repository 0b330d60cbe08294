// The gateway's own endpoints: their bodies are read whole, within a small limit.
#include "gateway/edge/connection.hpp"
#include "gateway/session/app_question.hpp"

namespace gateway::edge {

namespace {

/// Where the app's answer is put. The connection that waits for it may go first; so it is shared, though
/// touched by its worker only.
struct app_slot {
    std::optional<session::app_answer> said;
    waker* waits = nullptr;
};

/// The connection waits as long as this lives.
class waiting {
public:
    waiting(app_slot& at, waker& who) : at_(at) { at_.waits = &who; }
    ~waiting() { at_.waits = nullptr; }
    waiting(waiting const&) = delete;
    waiting& operator=(waiting const&) = delete;

private:
    app_slot& at_;
};

} // namespace

/// Adds to `into` what the body still lacks.
task<std::optional<fault>>
connection::read_own_body(wire::body_decoder body, bool expects_continue, std::string& into)
{
    auto bytes = rest_;
    timer_.arm(terms_->limits.head);
    for (;;) {
        auto const piece = body.feed(bytes);
        auto const content = bytes.subspan(piece.offset, piece.size);
        into.append(content.data(), content.size());
        certs::wipe(content); // a hand-off code; others use this memory too
        if (piece.now == wire::body_decoder::state::flawed) co_return fault::malformed_body;
        if (into.size() > terms_->limits.own_body_bytes) co_return fault::body_too_large;
        if (body.done()) {
            auto const behind = bytes.subspan(piece.consumed);
            unread_.assign(behind.data(), behind.size());
            co_return std::nullopt;
        }
        if (std::exchange(expects_continue, false) && !co_await send(std::string(continue_line)))
            co_return fault::request_timeout;
        auto got = tls_->read(terms_->memory.window());
        while (got.state == wire::progress::blocked) {
            co_await wake_.next();
            if (timer_.passed()) co_return fault::request_timeout;
            got = tls_->read(terms_->memory.window());
        }
        if (got.state != wire::progress::moved) co_return fault::request_timeout;
        bytes = terms_->memory.window().first(got.bytes);
    }
}

task<connection::after> connection::answer_own(session::endpoint_name which, entry& line)
{
    auto const window = terms_->memory.window();
    certs::secret const head_text(std::string(window.data(), head_bytes_));
    auto how = reply_for(terms_->memory.request, line, terms_->memory.request.keep_alive && may_go_on());
    wire::body_decoder const decoder(terms_->memory.request.body, terms_->memory.request.content_length);
    std::string body;
    forget_head();
    auto const flaw = co_await read_own_body(decoder, terms_->memory.request.expects_continue, body);
    rest_ = {};
    if (flaw) {
        how.keep_alive = false;
        how.now = wall_clock();
        line.refused(words_for(*flaw).status, log_name(*flaw));
        co_await send(write_refusal(words_for(*flaw), how));
        co_return after::close;
    }

    // The head is read anew from its copy: the worker's memory may hold another by now.
    auto& head = terms_->memory.request;
    std::size_t scanned = 0;
    if (read_request_head(head_text.reveal(), terms_->head_limits, scanned, head).state !=
        wire::head_state::complete)
        co_return after::close;
    judged_facts const facts(head);
    auto sender = standing_at(line.begun());
    session::own_request const request{which, facts.request(), body, &sender};
    auto result = terms_->endpoints.handle(request, at_.revoked.get(), wall_clock());
    if (session::is_failed_authentication(result)) note_failure(sender);
    if (auto const* const about = std::get_if<session::question>(&result.reply)) {
        auto said = co_await ask_app(question_for(head, request.head, line));
        if (!said) {
            line.answered(0, result.who, "client_left");
            co_return after::close;
        }
        how.keep_alive = how.keep_alive && may_go_on();
        auto decided = terms_->endpoints.heard(*about, *said, at_.revoked.get(), wall_clock());
        result = std::move(decided);
    }
    auto const* const denied = std::get_if<policy::denial>(&result.reply);
    if (denied && *denied == policy::denial::too_many_failures) how.retry_after = sender.wait();
    note_effects(result);
    how.allowed = result.allowed;
    how.set_cookie = result.set_cookie;
    how.now = wall_clock();
    auto text = conclude_own(result, how, line);
    auto const sent = co_await send(std::move(text));
    co_return sent&& how.keep_alive ? after::next : after::close;
}

/// What changes for others by what an endpoint decided.
void connection::note_effects(session::outcome const& result)
{
    auto const now = wall_clock();
    if (result.revoke) {
        at_.around.revoked.add(*result.revoke, now);
        at_.metrics.tokens_revoked.add();
    }
    if (result.renewed) at_.around.renewals.note(result.renewed->sid, *result.renewed->stream_until, now);
}

certs::secret connection::question_for(
    wire::request_head const& head, policy::request const& facts, entry const& line) const
{
    auto const& own_cookie = terms_->configuration.tokens.judge.cookie_name;
    session::asking const who{head, facts.cookie_fields, own_cookie, client_.text, line.request_id()};
    return session::write_app_question(terms_->configuration.session.authorize, who);
}

/// What the app's backend says. Nothing: the client left first.
task<std::optional<session::app_answer>> connection::ask_app(certs::secret question)
{
    // The call has a deadline of its own; this one is for the day on which the control thread does not
    // answer.
    constexpr std::chrono::seconds slack{1};
    auto const slot = std::make_shared<app_slot>();
    waiting const here(*slot, wake_);
    auto deliver = [later = at_.later, slot](session::app_answer said) {
        later([slot, said = std::move(said)] {
            slot->said = said;
            if (slot->waits) slot->waits->wake();
        });
    };
    if (!terms_->authorizer->ask(std::move(question), std::move(deliver))) co_return fault::overloaded;
    timer_.arm(terms_->configuration.session.authorize.deadline + slack);
    while (!slot->said && !timer_.passed() && !socket_.peer_closed())
        co_await wake_.next();
    auto const in_time = !timer_.passed();
    timer_.disarm();
    if (slot->said || in_time) co_return slot->said;
    co_return fault::app_timeout;
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
    if (denied)
        at_.metrics.denied[static_cast<std::size_t>(*denied)].add();
    else
        at_.metrics.failed[static_cast<std::size_t>(std::get<fault>(result.reply))].add();
    line.answered(words.status, result.who, name);
    return write_refusal(words, how);
}

} // namespace gateway::edge
