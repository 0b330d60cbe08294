// Whoever speaks plain HTTP, on either port, is told to use HTTPS and nothing else. A token that came in
// clear is burnt.
#include "gateway/edge/connection.hpp"

namespace gateway::edge {

task<> connection::refuse_plain_http()
{
    std::size_t scanned = 0;
    timer_.arm(terms_->limits.head);
    reply_context how;
    how.secure = false;
    entry line(at_, client_);
    how.request_id = line.request_id();
    for (;;) {
        auto const window = terms_->memory.window();
        unread_.copy(window.data(), window.size());
        auto const got = socket_.receive(window.subspan(unread_.size()));
        if (got.state == wire::progress::closed || got.state == wire::progress::failed) break;
        if (got.state == wire::progress::blocked) {
            if (ordered || timer_.passed()) break;
            co_await wake_.next();
            continue;
        }
        auto const bytes = std::string_view(window.data(), unread_.size() + got.bytes);
        auto& head = terms_->memory.request;
        auto const read = wire::read_request_head(bytes, terms_->head_limits, scanned, head);
        if (read.state == wire::head_state::incomplete) {
            unread_ = std::string(bytes);
            continue;
        }
        if (read.state == wire::head_state::complete) {
            if (peer_is_proxy_) (void)hear_of_client(head);
            how.form = form_of(head);
            how.head_only = head.method == "HEAD";
            burn_tokens(head, line);
        }
        break;
    }
    at_.metrics.plain_http_refused.add();
    auto const words = words_for(fault::not_https);
    line.refused(words.status, log_name(fault::not_https));
    how.now = wall_clock();
    // Everything behind the head stays unread. The answer is short: if the socket does not take it at once,
    // nobody waits.
    (void)socket_.send(write_refusal(words, how));
    socket_.finish();
    for (auto dropped = 0;
         dropped < 16 && socket_.receive(terms_->memory.window()).state == wire::progress::moved;
         ++dropped) {
    }
}

/// Anyone on the path may have read what came in clear: a token in any of the places is good for nothing any
/// more. They are tried even while the address has to wait: the answer is always the same, so it tells nobody
/// whether a guess was right.
void connection::burn_tokens(wire::request_head const& head, entry& line)
{
    judged_facts const facts(head);
    auto const& all = facts.request();
    std::array<policy::request, 3> alone{};
    for (auto& one : alone)
        one.verb = policy::method::get; // whoever made the browser send it: it may have been read on the way
    alone[0].cookie_fields = all.cookie_fields;
    alone[0].raw_target = all.raw_target;
    alone[0].over =
        policy::transport::websocket; // so that a token in the query counts, where one is accepted at all
    alone[1].authorization = all.authorization;
    alone[2].api_key_field = all.api_key_field;
    auto const now = wall_clock();
    auto sender = standing_at(line.begun());
    for (auto const& one : alone) {
        auto const who = terms_->judge.identify(one, at_.revoked.get(), now);
        if (!who && policy::is_failed_authentication(who.error())) note_failure(sender);
        if (!who) continue;
        at_.around.revoked.add(
            session::revocation_of(*who, now, terms_->configuration.tokens.judge.leeway), now);
        at_.metrics.tokens_burnt.add();
        line.note_who(*who);
    }
}

} // namespace gateway::edge
