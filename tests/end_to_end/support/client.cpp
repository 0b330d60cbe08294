#include "tests/end_to_end/support/client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace e2e {

namespace {

constexpr long nothing_now = -1;
constexpr long stream_over = -2;

std::string openssl_words()
{
    auto const code = ERR_get_error();
    auto const* const reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return reason ? reason : "the peer closed the connection";
}

} // namespace

client::client(std::uint16_t port, client_options const& options)
{
    std::signal(SIGPIPE, SIG_IGN);
    connect(port, options);
    for (auto const& byte : options.in_front)
        if (offer({&byte, 1}, patience) == 0) break; // the peer has gone, as will show
    if (options.tls) shake_hands(options);
}

client::client(client&& other) noexcept
    : inbox(std::move(other.inbox)),
      socket_(std::exchange(other.socket_, -1)),
      context_(std::move(other.context_)),
      ssl_(std::move(other.ssl_)),
      ending_(other.ending_)
{
}

client::~client()
{
    // Else OpenSSL spoils the session of whoever wants to resume it.
    if (ssl_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    if (socket_ >= 0) ::close(socket_);
}

void client::connect(std::uint16_t port, client_options const& options)
{
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto const buffer = options.receive_buffer;
    if (buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (!options.from.empty()) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        inet_pton(AF_INET, options.from.c_str(), &own.sin_addr);
        if (bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0)
            throw std::runtime_error("cannot come from " + options.from);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("cannot connect to port " + std::to_string(port));
    fcntl(socket_, F_SETFL, O_NONBLOCK);
}

void client::shake_hands(client_options const& options)
{
    context_.reset(SSL_CTX_new(TLS_client_method()));
    auto* const context = context_.get();
    SSL_CTX_set_security_level(context, 0); // so that the old versions can be offered at all
    SSL_CTX_set_min_proto_version(context, options.version_min);
    SSL_CTX_set_max_proto_version(context, options.version_max);
    if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(context, options.ciphers.c_str());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (!options.ca_file.empty()) {
        SSL_CTX_load_verify_file(context, options.ca_file.c_str());
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    }
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), socket_);
    if (!options.server_name.empty()) {
        auto name = options.server_name;
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
        SSL_set1_host(ssl_.get(), options.server_name.c_str());
    }
    if (!options.alpn.empty())
        SSL_set_alpn_protos(
            ssl_.get(),
            reinterpret_cast<unsigned char const*>(options.alpn.data()),
            static_cast<unsigned>(options.alpn.size()));
    if (options.resume) SSL_set_session(ssl_.get(), options.resume.get());
    deadline const until;
    for (;;) {
        ERR_clear_error();
        auto const result = SSL_connect(ssl_.get());
        if (result == 1) return;
        if (!await_ssl(result, until)) throw handshake_failed(openssl_words());
    }
}

/// True when the operation can be tried again. Throws `timed_out`.
bool client::await_ssl(int result, deadline const& until)
{
    auto const error = SSL_get_error(ssl_.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return false;
    auto const events = static_cast<short>(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
    if (!await_event(socket_, events, until)) throw timed_out("a peer, in TLS");
    return true;
}

long client::try_send(std::string_view bytes, deadline const& until)
{
    long sent = 0;
    if (ssl_) {
        ERR_clear_error();
        std::size_t n = 0;
        auto const result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n);
        if (result == 1) return static_cast<long>(n);
        auto const error = SSL_get_error(ssl_.get(), result);
        sent = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? nothing_now : stream_over;
    } else {
        sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) sent = errno == EAGAIN ? nothing_now : stream_over;
    }
    if (sent == nothing_now && !await_event(socket_, POLLOUT, until)) return 0;
    return sent;
}

void client::send(std::string_view bytes)
{
    deadline const until;
    while (!bytes.empty()) {
        auto const n = try_send(bytes, until);
        if (n == 0) throw timed_out("a peer to take what is sent");
        if (n == stream_over) throw std::runtime_error("the peer has gone while it was sent to");
        if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

std::size_t client::offer(std::string_view bytes, milliseconds time)
{
    auto const all = bytes.size();
    deadline const until(time);
    while (!bytes.empty()) {
        auto const n = try_send(bytes, until);
        if (n == 0 || n == stream_over) break;
        if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return all - bytes.size();
}

bool client::receive(deadline const& until)
{
    std::array<char, 16 * 1024> room; // NOLINT: written before it is read
    while (ending_ == ending::none) {
        long n = 0;
        auto blocked = false;
        if (ssl_) {
            ERR_clear_error();
            errno = 0;
            n = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
            if (n <= 0) {
                auto const error = SSL_get_error(ssl_.get(), static_cast<int>(n));
                blocked = error == SSL_ERROR_WANT_READ;
                if (error == SSL_ERROR_ZERO_RETURN)
                    ending_ = ending::clean;
                else if (error == SSL_ERROR_SYSCALL && errno == ECONNRESET)
                    ending_ = ending::reset;
                else if (!blocked)
                    ending_ = ending::truncated;
            }
        } else {
            n = recv(socket_, room.data(), room.size(), 0);
            blocked = n < 0 && errno == EAGAIN;
            if (n == 0)
                ending_ = ending::clean;
            else if (n < 0 && !blocked)
                ending_ = ending::reset;
        }
        if (n > 0) inbox.append(room.data(), static_cast<std::size_t>(n));
        if (n > 0) return true;
        if (blocked && !await_event(socket_, POLLIN, until)) throw timed_out("bytes or the end of a stream");
    }
    return false;
}

void client::receive_to_end()
{
    deadline const until;
    while (receive(until)) {
    }
}

bool client::stays_silent(milliseconds time)
{
    auto const before = inbox.size();
    try {
        while (receive(deadline(time)) && inbox.size() == before) {
        }
    } catch (timed_out const&) {
        return inbox.size() == before;
    }
    return false;
}

void client::close_notify()
{
    if (ssl_) SSL_shutdown(ssl_.get());
}

void client::close()
{
    close_notify();
    cut();
}

void client::cut()
{
    if (socket_ >= 0) shutdown(socket_, SHUT_WR);
}

void client::reset()
{
    linger const at_once{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

void client::vanish()
{
    sock_filter drop{BPF_RET | BPF_K, 0, 0, 0}; // no byte of any packet (socket(7), SO_ATTACH_FILTER)
    sock_fprog const all{1, &drop};
    if (setsockopt(socket_, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all) != 0)
        throw std::runtime_error("cannot vanish");
}

session_ptr client::session() const { return {SSL_get1_session(ssl_.get()), SSL_SESSION_free}; }

std::string client::protocol() const
{
    unsigned char const* text = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &text, &size);
    return {reinterpret_cast<char const*>(text), size};
}

std::string client::certificate_name() const
{
    std::array<char, 256> room{};
    auto* const certificate = SSL_get0_peer_certificate(ssl_.get());
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, room.data(), room.size());
    return room.data();
}

std::string client::certificate_key() const
{
    auto* const key = X509_get0_pubkey(SSL_get0_peer_certificate(ssl_.get()));
    return EVP_PKEY_get0_type_name(key);
}

std::string client_hello()
{
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> const context(
        SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    std::unique_ptr<SSL, decltype(&SSL_free)> const ssl(SSL_new(context.get()), SSL_free);
    auto* const out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), out); // which owns both
    (void)SSL_connect(ssl.get());
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(out, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

} // namespace e2e
