#include "tests/bench/wire/tls_stream.hpp"

#include <cerrno>
#include <new>
#include <openssl/err.h>
#include <stdexcept>
#include <sys/socket.h>

namespace bench {

namespace {

constexpr std::size_t read_ahead_bytes = 32 * 1024;

tls_context make_context(SSL_METHOD const* method)
{
    tls_context out(SSL_CTX_new(method));
    if (!out) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(out.get(), TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(out.get(), "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_mode(out.get(), SSL_MODE_RELEASE_BUFFERS);
    return out;
}

std::string_view waiting_in(BIO* memory)
{
    char* start = nullptr;
    auto const n = BIO_get_mem_data(memory, &start);
    return {start, static_cast<std::size_t>(n)};
}

} // namespace

tls_context make_client_context()
{
    auto out = make_context(TLS_client_method());
    SSL_CTX_set1_groups_list(out.get(), "X25519");
    // What a client's verification costs is not a proxy's matter.
    SSL_CTX_set_verify(out.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_session_cache_mode(out.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    return out;
}

tls_context make_server_context(std::string const& chain_file, std::string const& key_file)
{
    auto out = make_context(TLS_server_method());
    constexpr unsigned char id = 'o';
    SSL_CTX_set_session_id_context(out.get(), &id, 1);
    if (SSL_CTX_use_certificate_chain_file(out.get(), chain_file.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(out.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("cannot use the certificate " + chain_file + " with the key " + key_file);
    return out;
}

tls_stream::tls_stream(SSL_CTX* context, descriptor socket, tls_side side)
    : socket_(std::move(socket)), ssl_(SSL_new(context))
{
    if (!ssl_) throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), BIO_new_socket(socket_.get(), BIO_NOCLOSE), BIO_new(BIO_s_mem()));
    SSL_set_read_ahead(ssl_.get(), 1);
    SSL_set_default_read_buffer_len(ssl_.get(), read_ahead_bytes);
    if (side == tls_side::server)
        SSL_set_accept_state(ssl_.get());
    else
        SSL_set_connect_state(ssl_.get());
}

void tls_stream::free_ssl::operator()(SSL* ssl) const
{
    SSL_set_shutdown(
        ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); // else its session is taken for a bad one
    SSL_free(ssl);
}

progress tls_stream::explain(int result)
{
    if (result > 0) return progress::done;
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return progress::blocked;
    ERR_clear_error();
    return progress::failed;
}

progress tls_stream::handshake() { return explain(SSL_do_handshake(ssl_.get())); }

tls_stream::piece tls_stream::read(std::span<char> into)
{
    auto const n = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
    return {n > 0 ? static_cast<std::size_t>(n) : 0, explain(n)};
}

bool tls_stream::write(std::string_view bytes)
{
    return explain(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))) == progress::done;
}

progress tls_stream::flush()
{
    auto* const memory = SSL_get_wbio(ssl_.get());
    auto const waiting = waiting_in(memory);
    while (sent_ < waiting.size()) {
        auto const n = ::send(socket_.get(), waiting.data() + sent_, waiting.size() - sent_, MSG_NOSIGNAL);
        if (n >= 0)
            sent_ += static_cast<std::size_t>(n);
        else if (errno == EAGAIN)
            return progress::blocked;
        else if (errno != EINTR)
            return progress::failed;
    }
    if (sent_ != 0) (void)BIO_reset(memory);
    sent_ = 0;
    return progress::done;
}

std::size_t tls_stream::unsent() const { return waiting_in(SSL_get_wbio(ssl_.get())).size() - sent_; }

} // namespace bench
