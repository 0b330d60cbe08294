#include "certs/client_sessions.hpp"

#include <openssl/err.h>

#include <utility>

namespace certs {
namespace {

/// Under which number a connection knows its seat; OpenSSL gives one to the process, for good.
int seat_index() noexcept
{
    static int const index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

} // namespace

client_sessions::client_sessions(SSL_CTX* context, std::string server_name)
    : context_(share(context)), server_name_(std::move(server_name))
{
    kept_.reserve(kept_max);
}

void client_sessions::begin_anew(SSL_CTX* context)
{
    context_ = share(context);
    kept_.clear();
}

void client_sessions::enable(SSL_CTX* context) noexcept
{
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, on_new_session);
}

bool client_sessions::prepare(SSL* connection, seat& at, time_point now)
{
    if (!expect_server(connection, server_name_)) return false;
    if (!rules(connection)) return true; // another's rules: neither offered nor kept
    at.in = this;
    at.begun = now;
    if (SSL_set_ex_data(connection, seat_index(), &at) == 1) offer(connection, at);
    ERR_clear_error(); // a session that does not fit is no failure: the handshake is a full one
    return true;
}

void client_sessions::offer(SSL* connection, seat& at)
{
    std::erase_if(kept_, [&](entry const& one) {
        return at.begun - one.verified >= trusted_for || SSL_SESSION_is_resumable(one.session.get()) != 1;
    });
    if (kept_.empty()) return;
    // It leaves: a ticket of TLS 1.3 that is used twice tells an observer that both connections are of one
    // client (RFC 8446 §C.4).
    auto const newest = std::move(kept_.back());
    kept_.pop_back();
    at.verified = newest.verified;
    SSL_set_session(connection, newest.session.get());
}

void client_sessions::settle(SSL* connection, seat const& at)
{
    // Of these, `on_new_session` does not hear.
    auto const resumed = SSL_session_reused(connection) == 1 && SSL_version(connection) < TLS1_3_VERSION;
    if (at.in != this || !rules(connection) || !resumed) return;
    if (auto* const session = SSL_get1_session(connection)) keep(session, at.verified);
}

/// Takes the session over when it returns 1.
int client_sessions::on_new_session(SSL* connection, SSL_SESSION* session) noexcept
{
    auto* const at = static_cast<seat*>(SSL_get_ex_data(connection, seat_index()));
    if (!at || !at->in || !at->in->rules(connection)) return 0;
    if (SSL_session_reused(connection) == 0) at->verified = at->begun;
    at->in->keep(session, at->verified);
    return 1;
}

void client_sessions::keep(SSL_SESSION* session, time_point verified)
{
    if (kept_.size() == kept_max) kept_.erase(kept_.begin());
    kept_.push_back({owned<SSL_SESSION, SSL_SESSION_free>(session), verified});
}

} // namespace certs
