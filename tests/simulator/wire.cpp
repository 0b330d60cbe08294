#include "tests/simulator/wire.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>

#include <poll.h>

namespace simulator {
namespace {

constexpr std::size_t fill_bytes = 16 * 1024;
constexpr std::chrono::seconds linger{2};

} // namespace

wire::wire(tcp::socket socket, net::ssl::context& tls, std::uint64_t n)
    : stream{std::move(socket), tls}, number{n}
{
    error_code ec;
    stream.next_layer().set_option(tcp::no_delay{true}, ec);
}

net::awaitable<bool> wire::shake_hands()
{
    auto const [ec] = co_await stream.async_handshake(net::ssl::stream_base::server, tuple);
    co_return !ec;
}

net::awaitable<bool> wire::fill()
{
    auto const held = inbox.size();
    inbox.resize(held + fill_bytes);
    auto const room = net::buffer(inbox.data() + held, fill_bytes);
    auto const [ec, n] = co_await stream.async_read_some(room, tuple);
    inbox.resize(held + n);
    co_return !ec;
}

net::awaitable<void> wire::overhear()
{
    constexpr std::chrono::milliseconds moment{50};
    net::steady_timer limit{stream.get_executor(), moment};
    limit.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec) self->stream.next_layer().cancel(ec);
    });
    co_await fill();
    limit.cancel();
}

net::awaitable<bool> wire::write(std::string_view bytes)
{
    auto const [ec, n] = co_await net::async_write(stream, net::buffer(bytes), tuple);
    co_return !ec;
}

net::awaitable<void> wire::drain()
{
    std::array<char, 4096> waste{};
    for (;;) {
        auto const [ec, n] = co_await stream.next_layer().async_read_some(net::buffer(waste), tuple);
        if (ec) break;
    }
}

net::awaitable<void> wire::finish()
{
    if (!stream.next_layer().is_open()) co_return;
    net::steady_timer limit{stream.get_executor(), linger};
    limit.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec) self->stream.next_layer().close(ec);
    });
    auto const [ec] = co_await stream.async_shutdown(tuple);
    // A peer still sending its request must be able to read an early answer: closing at once with unread
    // bytes would turn into an RST that destroys it.
    error_code ignored;
    if (ec && ec != net::error::eof && stream.next_layer().is_open()) {
        stream.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
        co_await drain();
    }
    limit.cancel();
    stream.next_layer().close(ignored);
}

void wire::reset()
{
    cut_ = true;
    error_code ec;
    stream.next_layer().set_option(tcp::socket::linger{true, 0}, ec);
    stream.next_layer().close(ec);
}

void wire::end_without_notify()
{
    cut_ = true;
    error_code ec;
    stream.next_layer().shutdown(tcp::socket::shutdown_both, ec);
    stream.next_layer().close(ec);
}

bool wire::departed()
{
    if (!stream.next_layer().is_open()) return true;
    pollfd look{.fd = stream.next_layer().native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void wire::narrow()
{
    error_code ec;
    stream.next_layer().set_option(tcp::socket::receive_buffer_size{128 * 1024}, ec);
}

bool wire::resumed() { return SSL_session_reused(stream.native_handle()) == 1; }

std::string wire::server_name()
{
    auto const* const name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string{} : std::string{name};
}

} // namespace simulator
