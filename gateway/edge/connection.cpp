#include "gateway/edge/connection.hpp"

#include "gateway/base/give_back.hpp"

#include <algorithm>

namespace gateway::edge {

connection::connection(desk& at, int descriptor, sender peer, connection_counts::seat seat, bool expects_tls)
    : at_(at),
      terms_(at.in_force),
      wake_(at.wakes),
      timer_(at.wheel, wake_),
      socket_(at.sockets, descriptor, wake_),
      peer_(peer.address),
      peer_is_proxy_(at.is_proxy(peer.address)),
      client_(std::move(peer)),
      seat_(std::move(seat)),
      expects_tls_(expects_tls),
      life_(live())
{
}

void connection::end(stream_end why)
{
    ordered = why;
    wake_.wake();
}

void connection::credentials_changed()
{
    if (awaits_credential_) wake_.wake();
}

bool connection::end_if_revoked(policy::revocation_list const& revoked, policy::seconds_since_epoch now)
{
    auto const concerned =
        bearer_ && !ordered && revoked.matches(bearer_->about, now, policy::vouched_for(bearer_->kind));
    if (concerned) end(stream_end::revoked);
    return concerned;
}

/// What was granted to the stream has passed; its session may have been renewed since.
std::chrono::milliseconds connection::left()
{
    auto const renewed = at_.around.renewals.stream_until(bearer_->about.sid);
    return renewed ? *renewed - wall_clock() : std::chrono::milliseconds{0};
}

task<> connection::live()
{
    at_.metrics.connections_accepted.add();
    at_.metrics.connections_open.add();
    // What is thrown on a data path is bad_alloc: this client's connection ends, the others go on.
    try {
        timer_.arm(terms_->limits.handshake);
        auto const is_announced = terms_->configuration.listen.proxy_protocol && peer_is_proxy_;
        if (!socket_.open() || (is_announced && !co_await hear_proxy_header())) {
        } else if (!expects_tls_ || !co_await begins_with_tls()) {
            co_await refuse_plain_http();
        } else if (co_await shake_hands()) {
            co_await serve_requests();
        }
    } catch (std::exception const&) {
        socket_.reset_on_close();
    }
    at_.metrics.connections_open.sub();
    give_back(unread_);
    tls_.reset();
    socket_.close();
    at_.ended(*this);
}

/// A TLS record begins with 22 (handshake, RFC 8446 §5.1); an HTTP request with a letter.
task<bool> connection::begins_with_tls()
{
    constexpr char handshake_record = 22;
    char first = 0;
    auto got = socket_.peek({&first, 1});
    while (got.state == wire::progress::blocked && !timer_.passed() && !ordered) {
        co_await wake_.next();
        got = socket_.peek({&first, 1});
    }
    co_return got.state != wire::progress::moved || first == handshake_record;
}

task<bool> connection::shake_hands()
{
    // A hello takes a quarter of a millisecond: between two of them the open streams have their turn.
    // While as many are under way as may be, it waits for one of them to end, in the order of the hellos: in
    // a rush of honest clients that serves most of them. It costs no TLS state yet.
    waker turn(at_.handshakes);
    co_await turn.yield();
    watch::counted const under_way(at_.metrics.handshakes_open);
    if (timer_.passed() || ordered) {
        note_failed_handshake();
        co_return false;
    }
    auto const shown = at_.server_tls.hold(); // as long as the hello may ask for a name
    tls_.emplace(socket_, shown->context(), wire::tls_side::server);
    auto how = tls_->handshake();
    while (how == wire::progress::blocked && !timer_.passed() && !ordered) {
        co_await wake_.next();
        how = tls_->handshake();
    }
    if (how != wire::progress::moved) {
        note_failed_handshake();
        co_return false;
    }
    (tls_->speaks_tls_1_3() ? at_.metrics.connections_tls_1_3 : at_.metrics.connections_tls_1_2).add();
    (tls_->resumed() ? at_.metrics.handshakes_resumed : at_.metrics.handshakes_full).add();
    co_return true;
}

void connection::note_failed_handshake() noexcept
{
    auto const why = timer_.passed() ? wire::handshake_failure::timeout
                     : tls_          ? tls_->why_no_handshake()
                                     : wire::handshake_failure::left;
    at_.metrics.handshakes_failed[static_cast<std::size_t>(why)].add();
}

task<> connection::serve_requests()
{
    for (std::uint32_t served = 0; served < terms_->limits.requests_per_connection; ++served) {
        auto const got = co_await hear_head();
        if (got == heard::end) break;
        auto next = after::close;
        if (got == heard::head) {
            next = co_await serve();
        } else {
            if (peer_is_proxy_) client_ = at_.around.guard.know(peer_); // who sent this, nobody has said
            entry line(at_, client_);
            reply_context how;
            how.request_id = line.request_id();
            how.hsts_max_age = terms_->configuration.tls.hsts_max_age;
            auto const why = got == heard::timeout ? fault::request_timeout : fault_for(flaw_);
            next = co_await refuse_fault(why, how, line);
        }
        if (next == after::cut) co_return;
        if (next == after::close) co_return co_await linger();
    }
    tls_->close_notify();
}

/// What came already must fit into their memory, which may be another one.
void connection::take_terms_in_force()
{
    if (unread_.size() <= at_.in_force->memory.window().size()) terms_ = at_.in_force;
}

/// Reads the next head into the worker's memory. Its views hold until the next `co_await` that waits. While
/// nothing of it has come the connection holds no terms: an idle one keeps none alive.
task<connection::heard> connection::hear_head()
{
    take_terms_in_force();
    auto fresh = !unread_.empty();
    auto begun = fresh;
    std::size_t scanned = 0;
    auto const idle = at_.closed ? terms_->limits.closing : terms_->limits.idle;
    timer_.arm(begun ? terms_->limits.head : idle);
    tls_->wipe_what_is_read(true);
    for (;;) {
        auto const window = terms_->memory.window();
        auto bytes = window.first(unread_.size());
        unread_.copy(bytes.data(), bytes.size());
        if (!std::exchange(fresh, false)) {
            auto const got = tls_->read(window.subspan(bytes.size()));
            if (got.state != wire::progress::moved) certs::wipe(bytes);
            if (got.state == wire::progress::blocked) {
                auto const was_closed = at_.closed;
                if (ordered) co_return heard::end;
                if (!begun) terms_.reset();
                co_await wake_.next();
                if (!begun) take_terms_in_force();
                if (timer_.passed()) co_return begun ? heard::timeout : heard::end;
                if (at_.closed && !was_closed && !begun) timer_.arm(terms_->limits.closing);
                continue;
            }
            if (got.state != wire::progress::moved) co_return heard::end;
            bytes = window.first(bytes.size() + got.bytes);
            if (!std::exchange(begun, true)) timer_.arm(terms_->limits.head);
        }
        auto const read = wire::read_request_head(
            {bytes.data(), bytes.size()}, terms_->head_limits, scanned, terms_->memory.request);
        flaw_ = read.flaw;
        head_bytes_ = read.state == wire::head_state::complete ? read.bytes : bytes.size();
        if (read.state == wire::head_state::flawed) co_return heard::flaw;
        if (read.state == wire::head_state::incomplete) {
            put_anew(unread_, {bytes.data(), bytes.size()});
            continue;
        }
        give_back(unread_);
        rest_ = bytes.subspan(read.bytes);
        timer_.disarm();
        co_return heard::head;
    }
}

/// Before anything waits: the head has a token in it, and the worker's memory is for others then.
void connection::forget_head() noexcept { certs::wipe(terms_->memory.window().first(head_bytes_)); }

/// Before anything waits: what is behind the head moves to memory of our own.
void connection::keep_unread()
{
    forget_head();
    if (!unread_.empty()) give_back(unread_);
    unread_.assign(rest_.data(), rest_.size());
    rest_ = {};
}

task<bool> connection::send(std::string bytes)
{
    relay::outbox box;
    auto sent = box.send(*tls_, bytes) != wire::progress::failed;
    if (!box.empty()) {
        relay::client_side const client{socket_, *tls_, wake_, timer_, unread_};
        sent = co_await relay::deliver_rest(box, client, terms_->limits.write_stall);
    }
    give_back(bytes); // a cookie may be set in it
    timer_.disarm();
    co_return sent;
}

/// Ends a connection on which the client may still be sending: it must be able to read the last answer, and a
/// socket that is closed over unread bytes would reset it away (RFC 9112 §9.6).
task<> connection::linger()
{
    constexpr std::size_t patience_bytes = 1 << 20;
    tls_->close_notify();
    socket_.finish();
    timer_.arm(terms_->limits.closing);
    std::size_t dropped = 0;
    while (dropped < patience_bytes) {
        auto const got = socket_.receive(terms_->memory.window());
        if (got.state == wire::progress::closed || got.state == wire::progress::failed) co_return;
        dropped += got.bytes;
        if (got.state == wire::progress::moved) continue;
        co_await wake_.next();
        if (timer_.passed()) co_return;
    }
}

} // namespace gateway::edge
