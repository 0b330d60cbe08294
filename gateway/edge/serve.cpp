// What a connection does with one request: judge it, then refuse, answer or forward it.
#include "gateway/base/give_back.hpp"
#include "gateway/edge/connection.hpp"
#include "gateway/relay/hand_over.hpp"
#include "gateway/relay/heads.hpp"
#include "gateway/session/minting.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gateway::edge {

namespace {

std::string_view path_of(std::string_view target) noexcept { return target.substr(0, target.find('?')); }

} // namespace

reply_context connection::reply_for(wire::request_head const& head, entry const& line, bool keep_alive) const
{
    reply_context how;
    how.form = form_of(head);
    how.request_id = line.request_id();
    how.keep_alive = keep_alive;
    how.head_only = head.method == "HEAD";
    how.hsts_max_age = terms_->configuration.tls.hsts_max_age;
    how.cross_origin = terms_->cross_origin.fields_for(head.fields.only(field_name::origin));
    return how;
}

std::optional<policy::grant> connection::needed_grant(policy::request const& of) const
{
    auto const row = terms_->judge.routes().find(of.verb, path_of(of.raw_target), of.over);
    return row ? std::optional((*row)->needs) : std::nullopt;
}

void connection::note_upstream(relay::forwarded const& how)
{
    auto& counts = at_.metrics;
    counts.upstream_connects.add(how.connects);
    counts.upstream_connect_failures.add(how.connect_failures);
    if (how.upstream_reused) counts.upstream_reuses.add();
    if (how.retried) counts.upstream_retries.add();
    counts.bytes_from_clients.add(how.bytes_up);
    counts.bytes_to_clients.add(how.bytes_down);
}

/// Takes the body off what has come, if all of it has: only then can the connection carry another request,
/// for what stands behind it is known to be one.
bool connection::skip_body(wire::request_head const& head)
{
    wire::body_decoder body(head.body, head.content_length);
    auto const piece = body.feed(rest_);
    rest_ = rest_.subspan(piece.consumed);
    return body.done();
}

task<connection::after>
connection::refuse(refusal words, reply_context how, std::string_view reason, entry& line)
{
    line.refused(words.status, reason);
    keep_unread();
    how.now = wall_clock();
    auto const sent = co_await send(write_refusal(words, how));
    co_return sent&& how.keep_alive ? after::next : after::close;
}

task<connection::after> connection::refuse_fault(fault why, reply_context how, entry& line)
{
    at_.metrics.failed[static_cast<std::size_t>(why)].add();
    return refuse(words_for(why), how, log_name(why), line);
}

task<connection::after> connection::refuse_denied(policy::denial why, reply_context how, entry& line)
{
    at_.metrics.denied[static_cast<std::size_t>(why)].add();
    return refuse(words_for(why), how, policy::log_name(why), line);
}

task<connection::after> connection::serve()
{
    auto const& head = terms_->memory.request;
    auto const refused = peer_is_proxy_ ? hear_of_client(head) : std::nullopt;
    entry line(at_, client_);
    judged_facts const facts(head);
    line.note_request(facts.request());
    if (refused) co_return co_await refuse_introduced(*refused, line);

    if (auto const where = policy::read_target(head.target)) {
        line.note_path(where->path);
        if (at_.pressure != pressure::none) co_return co_await refuse_under_pressure(head, line);
        if (is_preflight(head)) co_return co_await answer_preflight(where->path, line);
        auto const own = session::own_endpoint(where->path);
        if (own && !head.websocket && !facts.ambiguity()) co_return co_await answer_own(*own, line);
    }
    auto const verdict = decide(facts, line.begun());
    if (verdict) {
        begin_term(verdict->who());
        relay::forwarded result;
        auto next = co_await pass_on(*verdict, line, result);
        if (result.switched) {
            auto const agent = verdict->row().needs == policy::grant::agent;
            co_await carry_stream(result, line, {result.form, agent, line.request_id()});
            next = after::close;
        }
        bearer_ = nullptr;
        co_return next;
    }

    auto const why = verdict.error();
    auto const status = words_for(why).status;
    auto const sound = status != 400 && status != 414;
    auto how = reply_for(head, line, sound && head.keep_alive && may_go_on() && skip_body(head));
    if (why == policy::denial::method_not_allowed)
        how.allowed = terms_->judge.routes().allowed_at(path_of(head.target));
    if (why == policy::denial::grant_missing) how.needed = needed_grant(facts.request());
    if (why == policy::denial::too_many_failures) {
        how.retry_after = standing_at(line.begun()).wait();
        how.resendable = !is_form(head);
    }
    co_return co_await refuse_denied(why, how, line);
}

/// What failed to authenticate counts against its address.
boost::system::result<policy::admission, policy::denial>
connection::decide(judged_facts const& facts, std::chrono::steady_clock::time_point now)
{
    if (facts.ambiguity()) return *facts.ambiguity();
    auto sender = standing_at(now);
    auto verdict = terms_->judge.decide(facts.request(), at_.revoked.get(), wall_clock(), &sender);
    if (!verdict && policy::is_failed_authentication(verdict.error())) note_failure(sender);
    return verdict;
}

void connection::note_failure(caution& of)
{
    at_.metrics.authentications_failed.add();
    of.failed();
}

/// Whether another token than this one was good here last. Their ends tell: of two good ones they differ.
bool connection::is_new_here(std::string_view token) noexcept
{
    std::uint64_t end = 0;
    auto const size = std::min(token.size(), sizeof end);
    std::memcpy(&end, token.data() + token.size() - size, size);
    return std::exchange(proven_end_, end) != end;
}

/// What Cartesia's answer says of a token of its own. Who leaves before there is one might be hiding a
/// refusal: that counts as one, unless the token is known.
void connection::note_verdict(std::string_view token, bool is_new, relay::forwarded const& result)
{
    auto& guard = at_.around.guard;
    auto const accepted = result.status == 101 || result.status / 100 == 2;
    if (accepted && is_new) guard.proven.note(token);
    if (!accepted) proven_end_ = 0; // so that it is new the next time, too
    auto const hidden = result.status == 0 && result.client_left && !guard.proven.has(token);
    if (result.status != 401 && !hidden) return;
    auto const now = std::chrono::steady_clock::now();
    auto sender = standing_at(now);
    note_failure(sender);
    if (hidden) return;
    guard.rejected.note(token, now);
    guard.proven.forget(token);
}

/// The connection ends with the answer: what it holds is what there is too little of.
task<connection::after> connection::refuse_under_pressure(wire::request_head const& head, entry& line)
{
    constexpr std::chrono::seconds try_again{1};
    auto how = reply_for(head, line, false);
    how.retry_after = try_again;
    return refuse_fault(fault::overloaded, how, line);
}

void connection::begin_term(policy::bearer_of_token const& who)
{
    bearer_ = &who;
    granted = session::stream_until(who.about, terms_->configuration.tokens) - wall_clock();
}

/// What is forwarded, made of what was judged while it is still in the worker's memory.
relay::exchange
connection::prepare(policy::admission const& permit, std::string_view bearer, entry const& line) const
{
    auto const& head = terms_->memory.request;
    relay::outgoing_request with;
    with.host = terms_->from->authority;
    with.bearer = bearer;
    with.request_id = line.request_id();
    with.client = client_.text;
    with.incoming_bytes = head_bytes_ + rest_.size();
    relay::exchange what{
        relay::write_request_head(permit, head, with),
        relay::upload(head.body, head.content_length, terms_->limits.body_bytes),
        {}};
    auto const* const offered = head.fields.find(field_name::sec_websocket_protocol);
    what.facts.request_id = line.request_id();
    what.facts.websocket_key = head.websocket_key;
    what.facts.websocket_protocols = offered ? offered->value : std::string_view{};
    what.facts.to_head_request = head.method == "HEAD";
    what.facts.http_1_0 = head.minor_version == 0;
    what.facts.keep_alive = head.keep_alive && may_go_on();
    what.facts.hsts_max_age = terms_->configuration.tls.hsts_max_age;
    return what;
}

/// Forwards what was admitted. Nothing else reads into the worker's memory between the verdict and the copy
/// of what was judged.
task<connection::after>
connection::pass_on(policy::admission const& permit, entry& line, relay::forwarded& result)
{
    auto const& who = permit.who();
    line.note_who(who);
    line.note_row(permit.row(), terms_->place_of(permit.row()));
    if (policy::is_verified_here(who.kind)) terms_->keeper.want(who.about.grants);
    auto const is_new = is_new_here(who.text);
    if (is_new && policy::is_verified_here(who.kind)) at_.around.guard.proven.note(who.text);
    auto bearer = terms_->bearer_for(who);
    if (bearer.empty()) {
        auto const refused = co_await await_credential(who, line);
        if (refused) co_return *refused;
        bearer = terms_->bearer_for(who);
    }

    auto held = terms_->take_held(permit, wake_);
    auto const how = reply_for(terms_->memory.request, line, false);
    auto what = prepare(permit, bearer, line);
    what.facts.form = how.form;
    what.facts.cross_origin = how.cross_origin;
    renew_on_use(who, what);
    auto const taken = what.body.take_first_piece(rest_, what.request);
    if (!taken) {
        give_back(what.request);
        co_return co_await refuse_fault(*what.body.failure(), how, line);
    }
    rest_ = rest_.subspan(*taken);
    keep_unread();

    tls_->wipe_what_is_read(false); // speech, from here on
    relay::client_side client{socket_, *tls_, wake_, timer_, unread_};
    auto services = terms_->lend();
    if (held) {
        at_.metrics.upstream_sockets_handed_over.add();
        result = co_await relay::hand_over(std::move(*held), what, client, services);
    } else {
        result = co_await relay::forward(what, client, *this, services);
    }
    result.form = how.form;
    note_upstream(result);
    if (!policy::is_verified_here(who.kind))
        note_verdict(relay::credential_in(what.request), is_new, result);
    else if (result.status == 401)
        terms_->keeper.rejected(who.about.grants);
    give_back(what.request);                     // with the credential in it
    if (result.switched) co_return after::close; // when the stream is over
    co_return co_await conclude(result, how, line);
}

task<connection::after> connection::conclude(relay::forwarded const& result, reply_context how, entry& line)
{
    auto const denied = result.ended ? denial_for(*result.ended) : std::nullopt;
    if (denied && result.status == 0) co_return co_await refuse_denied(*denied, how, line);
    if (result.ended && result.status == 0) co_return co_await refuse_fault(fault::draining, how, line);
    if (result.failed && result.status == 0 && !result.client_left)
        co_return co_await refuse_fault(*result.failed, how, line);
    line.forwarded(result);
    if (result.ended) {
        at_.metrics.answers_ended[static_cast<std::size_t>(*result.ended)].add();
        co_return result.told_end ? after::close : after::cut;
    }
    if (result.failed && !result.client_left)
        at_.metrics.failed[static_cast<std::size_t>(*result.failed)].add();
    if (result.failed) co_return after::cut;
    co_return result.client_reusable && !ordered ? after::next : after::close;
}

/// A cookie in the last third of its life is renewed by the way, unless the page asks not to.
void connection::renew_on_use(policy::bearer_of_token const& who, relay::exchange& what) const
{
    if (!what.facts.websocket_key.empty()) return;
    auto const* const wish = terms_->memory.request.fields.find(field_name::voicegate_refresh);
    if (wish && wish->value == "off") return;
    auto const now = wall_clock();
    auto const next = terms_->endpoints.renew_on_use(who, now);
    if (!next) return;
    at_.around.renewals.note(next->about.sid, *next->about.stream_until, now);
    what.facts.set_cookie = next->set_cookie;
}

/// The upstream's token for these grants is being minted. The token that was verified is not verified again,
/// but its time may be over meanwhile.
task<std::optional<connection::after>>
connection::await_credential(policy::bearer_of_token const& who, entry& line)
{
    auto const window = terms_->memory.window();
    unread_.assign(window.data(), head_bytes_ + rest_.size());
    forget_head();
    timer_.arm(terms_->limits.upstream_connect);
    awaits_credential_ = true;
    auto ready = false;
    auto failed = false;
    while (!ready && !failed) {
        auto const& entry = terms_->from->credentials.get().by_grants[who.about.grants.index()];
        ready = entry.bearer != nullptr;
        failed = entry.failed || timer_.passed() || socket_.peer_closed() || ordered;
        if (!ready && !failed) co_await wake_.next();
    }
    awaits_credential_ = false;
    timer_.disarm();
    put_back_request();
    auto const flaw = terms_->judge.flaw_in_term(who, at_.revoked.get(), wall_clock());
    if (ready && !flaw) co_return std::nullopt;
    auto const how = reply_for(terms_->memory.request, line, false);
    if (flaw) co_return co_await refuse_denied(*flaw, how, line);
    co_return co_await refuse_fault(fault::credential_unavailable, how, line);
}

/// Into the same place in the worker's memory, so that all views of it hold again.
void connection::put_back_request()
{
    auto const bytes = terms_->memory.window().first(unread_.size());
    unread_.copy(bytes.data(), bytes.size());
    std::size_t scanned = 0;
    (void)wire::read_request_head(
        {bytes.data(), bytes.size()}, terms_->head_limits, scanned, terms_->memory.request);
    rest_ = bytes.subspan(head_bytes_);
    give_back(unread_);
}

/// Nothing of the handshake is kept meanwhile: what opened the stream has ended, and its memory with it.
task<> connection::carry_stream(relay::forwarded& opened, entry& line, stream_voice voice)
{
    at_.metrics.websockets_opened.add();
    at_.metrics.websockets_open.add();
    relay::client_side client{socket_, *tls_, wake_, timer_, unread_};
    auto services = terms_->lend();
    relay::tunnel_setting const setting{*this, voice, at_.around.random};
    auto const how = co_await relay::tunnel(client, *opened.switched, opened.early_frames, setting, services);
    at_.metrics.websockets_open.sub();
    if (how.why) at_.metrics.websockets_ended[static_cast<std::size_t>(*how.why)].add();
    at_.metrics.note_close(how.closed_by, how.code);
    line.tunnelled(opened, how);
}

} // namespace gateway::edge
