#include "tests/bench/load/connection.hpp"

#include "tests/bench/wire/socket.hpp"

namespace bench::load {

connection::connection(std::size_t number, surroundings with) : number_(number), with_(with) {}

int connection::keep_ticket(SSL* of, SSL_SESSION* ticket)
{
    auto* const self = static_cast<connection*>(SSL_get_app_data(of));
    self->has_ticket_ = true;
    if (!self->with_.given.resume) return 0;
    self->ticket_.reset(ticket);
    return 1; // the ticket is ours now
}

step connection::failed(char const* reason)
{
    with_.counts.failed(reason);
    return step::fail;
}

step connection::open(instant now)
{
    ++opening_;
    begun_at_ = now;
    has_ticket_ = false;
    auto const how = with_.given.kind == work::handshake ? farewell::abrupt : farewell::orderly;
    auto const turn = static_cast<std::uint32_t>(number_ + opening_);
    auto socket = connect_to(with_.given.port, turn, how);
    if (socket.get() < 0) return failed("no_socket");
    interest_.emplace(with_.sockets, socket.get(), this);
    stream_.emplace(with_.tls, std::move(socket), tls_side::client);
    // Not the macro SSL_set_tlsext_host_name: it hides a C cast. OpenSSL copies the name.
    std::string name = host;
    SSL_ctrl(stream_->native(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    SSL_set_app_data(stream_->native(), this);
    if (ticket_) SSL_set_session(stream_->native(), ticket_.get());
    interest_->be(EPOLLOUT);
    phase_ = phase::connecting;
    return step::go_on;
}

void connection::close()
{
    ++opening_;
    phase_ = phase::closed;
    session_.reset();
    interest_.reset();
    stream_.reset();
}

bool connection::under_way() const
{
    // Thousands of idle ones are opened a few at a time, each until it is idle.
    if (phase_ == phase::open) return is_idle(with_.given.kind);
    return phase_ == phase::connecting || phase_ == phase::shaking_hands;
}

step connection::ready(std::uint32_t events)
{
    if (phase_ == phase::connecting) {
        if (!connected(stream_->socket())) return failed("not_connected");
        phase_ = phase::shaking_hands;
        return shake_hands();
    }
    if ((events & EPOLLOUT) != 0)
        if (auto const next = flush(); next != step::go_on) return next;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return step::go_on;
    return phase_ == phase::shaking_hands ? shake_hands() : read();
}

step connection::due(instant now) { return phase_ == phase::open ? session_->due(*this, now) : step::go_on; }

step connection::shake_hands()
{
    auto const how = stream_->handshake();
    if (how == progress::failed) return failed("handshake");
    if (auto const next = flush(); next != step::go_on || how == progress::blocked) return next;
    phase_ = phase::open;
    with_.counts.shook_hands(SSL_session_reused(stream_->native()) == 1);
    session_ = make_session(with_.given, with_.texts, with_.counts);
    return session_->opened(*this, clock::now());
}

step connection::read()
{
    for (bool any = false;; any = true) {
        auto const [bytes, how] = stream_->read(with_.scratch);
        auto const now = clock::now();
        if (how == progress::failed && !any) return failed(settled() ? "idle_closed" : "closed");
        if (settled() && how == progress::done) continue;
        if (how != progress::done) return settled() ? step::go_on : session_->drained(*this, now);
        if (with_.given.kind != work::sse) with_.counts.read();
        auto const next = session_->received(*this, {with_.scratch.data(), bytes}, now);
        if (next != step::go_on || !stream_->holds_more()) return next;
    }
}

step connection::send(std::string_view bytes)
{
    if (!stream_->write(bytes)) return failed("write");
    return flush();
}

step connection::flush()
{
    auto const how = stream_->flush();
    if (how == progress::failed) return failed("send");
    interest_->be(how == progress::done ? EPOLLIN : EPOLLIN | EPOLLOUT);
    return step::go_on;
}

void connection::wake_at(instant at) { with_.later.add(at, {this, opening_}); }

} // namespace bench::load
