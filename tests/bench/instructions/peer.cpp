#include "tests/bench/instructions/peer.hpp"

#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

peer::peer(SSL_CTX* context, int descriptor, part as) : descriptor_(descriptor), ssl_(SSL_new(context))
{
    int const on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL_set_fd(ssl_.get(), descriptor_);
    if (as == part::client)
        SSL_set_connect_state(ssl_.get());
    else
        SSL_set_accept_state(ssl_.get());
}

peer::~peer() { close(descriptor_); }

void peer::advance()
{
    std::array<char, std::size_t{16} * 1024> bytes{};
    auto got = ready() ? 1 : SSL_do_handshake(ssl_.get());
    while (got > 0) {
        got = SSL_read(ssl_.get(), bytes.data(), bytes.size());
        if (got > 0) heard_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    auto const why = SSL_get_error(ssl_.get(), got);
    ended_ = ended_ || why == SSL_ERROR_ZERO_RETURN;
    if (!ended_ && why != SSL_ERROR_WANT_READ) throw std::runtime_error("the gateway broke a connection off");
}

void peer::send(std::string_view bytes)
{
    if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) != static_cast<int>(bytes.size()))
        throw std::runtime_error("the gateway does not take what is sent");
}

void peer::finish()
{
    SSL_shutdown(ssl_.get());
    shutdown(descriptor_, SHUT_WR);
}

} // namespace bench
