#include "gateway/wire/tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>
#include <new>

namespace gateway::wire {

namespace {

socket& under(BIO* bio) noexcept { return *static_cast<socket*>(BIO_get_data(bio)); }

int clipped(std::size_t size) noexcept { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

int bio_read(BIO* bio, char* into, int size) noexcept
{
    BIO_clear_retry_flags(bio);
    auto const got = under(bio).receive({into, static_cast<std::size_t>(size)});
    switch (got.state) {
    case progress::moved:
        return static_cast<int>(got.bytes);
    case progress::blocked:
        BIO_set_retry_read(bio);
        return -1;
    case progress::closed:
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        return 0;
    case progress::failed:
        break;
    }
    return -1;
}

int bio_write(BIO* bio, char const* bytes, int size) noexcept
{
    BIO_clear_retry_flags(bio);
    auto const sent = under(bio).send({bytes, static_cast<std::size_t>(size)});
    if (sent.state == progress::moved) return static_cast<int>(sent.bytes);
    if (sent.state == progress::blocked) BIO_set_retry_write(bio);
    return -1;
}

long bio_control(BIO* bio, int command, long, void*) noexcept
{
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    default:
        return 0;
    }
}

BIO_METHOD* socket_method()
{
    // One description of four functions for the whole process; OpenSSL never changes it.
    static BIO_METHOD* const method = [] {
        auto* const m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "voicegate socket");
        BIO_meth_set_read(m, bio_read);
        BIO_meth_set_write(m, bio_write);
        BIO_meth_set_ctrl(m, bio_control);
        return m;
    }();
    return method;
}

std::string_view reason_of_first_error() noexcept
{
    auto const* const text = ERR_reason_error_string(ERR_peek_error());
    return text ? std::string_view(text) : std::string_view("connection lost");
}

handshake_failure cause_of_first_error() noexcept
{
    auto const error = ERR_peek_error();
    if (error == 0) return handshake_failure::left;
    if (ERR_GET_LIB(error) != ERR_LIB_SSL) return handshake_failure::other;
    auto const reason = ERR_GET_REASON(error);
    if (reason >= SSL_AD_REASON_OFFSET) return handshake_failure::alert;
    switch (reason) {
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
        return handshake_failure::left;
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_BAD_RECORD_TYPE:
        return handshake_failure::not_tls;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_GROUPS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_APPLICATION_PROTOCOL:
        return handshake_failure::no_agreement;
    default:
        return handshake_failure::other;
    }
}

} // namespace

void tls_stream::free_ssl::operator()(SSL* ssl) const noexcept { SSL_free(ssl); }

tls_stream::tls_stream(socket& under, SSL_CTX* context, tls_side side)
    : under_(&under), ssl_(SSL_new(context))
{
    auto* const bio = BIO_new(socket_method());
    if (!ssl_ || !bio) {
        BIO_free(bio);
        throw std::bad_alloc();
    }
    BIO_set_data(bio, &under);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    if (side == tls_side::server)
        SSL_set_accept_state(ssl_.get());
    else
        SSL_set_connect_state(ssl_.get());
}

progress tls_stream::explain(int result) noexcept
{
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return progress::blocked;
    case SSL_ERROR_ZERO_RETURN:
        return progress::closed;
    default:
        break;
    }
    if (failure_.empty()) {
        failure_ = reason_of_first_error();
        cause_ = cause_of_first_error();
    }
    ERR_clear_error(); // the next SSL_get_error on this thread must not see it
    return progress::failed;
}

progress tls_stream::handshake() noexcept
{
    auto const result = SSL_do_handshake(ssl_.get());
    return result == 1 ? progress::moved : explain(result);
}

transfer tls_stream::read(std::span<char> into) noexcept
{
    // With nothing in OpenSSL and nothing in the kernel, SSL_read would make a record buffer to say the same.
    if (drained_ && !under_->readable()) return {progress::blocked, 0};
    std::size_t bytes = 0;
    while (bytes < into.size()) {
        auto const result = SSL_read(ssl_.get(), into.data() + bytes, clipped(into.size() - bytes));
        if (result <= 0) {
            auto const why = explain(result);
            drained_ = why == progress::blocked;
            if (bytes > 0) break; // what ended the stream shows again in the next call
            return {why, 0};
        }
        bytes += static_cast<std::size_t>(result);
        drained_ = SSL_has_pending(ssl_.get()) == 0;
        if (drained_ && !under_->readable()) break;
    }
    return {progress::moved, bytes};
}

transfer tls_stream::write(std::string_view bytes) noexcept
{
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        auto const rest = bytes.substr(taken);
        under_->more_follows(rest.size() > SSL3_RT_MAX_PLAIN_LENGTH); // it takes more than one record
        auto const result = SSL_write(ssl_.get(), rest.data(), clipped(rest.size()));
        under_->more_follows(false);
        if (result <= 0) {
            auto const why = explain(result);
            if (taken > 0 && why == progress::blocked) break;
            return {why, taken};
        }
        taken += static_cast<std::size_t>(result);
    }
    return {progress::moved, taken};
}

void tls_stream::wipe_what_is_read(bool yes) noexcept
{
    if (yes)
        SSL_set_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
    else
        SSL_clear_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
}

void tls_stream::give_back_buffers() noexcept { SSL_free_buffers(ssl_.get()); }

void tls_stream::close_notify() noexcept
{
    if (SSL_is_init_finished(ssl_.get()) != 0 && failure_.empty()) SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

bool tls_stream::resumed() const noexcept { return SSL_session_reused(ssl_.get()) != 0; }

bool tls_stream::speaks_tls_1_3() const noexcept { return SSL_version(ssl_.get()) == TLS1_3_VERSION; }

} // namespace gateway::wire
