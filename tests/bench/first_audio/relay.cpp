#include "tests/bench/first_audio/relay.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <exception>
#include <utility>

namespace first_audio {

namespace net = boost::asio;
using tcp = relay::tcp;
using boost::system::error_code;

namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);

/// One direction of a connection. Both timers are also bells: cancelling one wakes who waits for it.
struct lane {
    lane(tcp::socket& source, tcp::socket& sink, delay_line length)
        : from(&source),
          to(&sink),
          line(std::move(length)),
          due(source.get_executor()),
          room(source.get_executor(), steady::time_point::max())
    {
    }

    tcp::socket* from;
    tcp::socket* to;
    delay_line line;
    net::steady_timer due;  ///< the next piece leaves
    net::steady_timer room; ///< a full line has room again
    std::array<char, delay_line::piece_bytes_max> inbox{};
};

/// Reads until the stream ends, no more than the line has room for.
net::awaitable<void> take_in(lane& on)
{
    for (;;) {
        while (on.line.full() && on.from->is_open())
            co_await on.room.async_wait(tuple);
        auto const [failure, size] = co_await on.from->async_read_some(net::buffer(on.inbox), tuple);
        auto const now = steady::now();
        bool const was_empty = on.line.due() == steady::time_point::max();
        if (failure)
            on.line.enter_end(now);
        else
            on.line.enter(std::string(on.inbox.data(), size), now);
        if (was_empty) on.due.cancel();
        if (failure) co_return;
    }
}

/// A side that takes no more ends the whole connection: whoever waits for its sockets wakes and finds them
/// closed.
void cut(lane& on)
{
    error_code ignored;
    on.from->close(ignored);
    on.to->close(ignored);
    on.room.cancel();
}

/// A timer wakes its waiter some 0.2 ms late, where the gateway itself takes less. So this one wakes early,
/// and then looks at the clock between the other events until it is time. Returns sooner when the line has
/// news.
net::awaitable<void> await_due(lane& on)
{
    constexpr auto early = std::chrono::microseconds(300);
    on.due.expires_at(on.line.due() - early);
    co_await on.due.async_wait(tuple);
    for (auto now = steady::now(); on.line.due() > now && on.line.due() - early <= now; now = steady::now())
        co_await net::post(net::use_awaitable);
}

/// Writes each piece when it is due, until the end of the stream has left.
net::awaitable<void> hand_out(lane& on)
{
    for (;;) {
        co_await await_due(on);
        if (on.line.due() > steady::now()) continue; // woken to look again
        auto const piece = on.line.leave();
        on.room.cancel();
        if (piece.empty()) break;
        auto const [failure, size] = co_await net::async_write(*on.to, net::buffer(piece), tuple);
        if (failure) {
            cut(on);
            co_return;
        }
    }
    error_code ignored;
    on.to->shutdown(tcp::socket::shutdown_send, ignored);
}

net::awaitable<void> carry(tcp::socket client, tcp::endpoint target, steady::duration round_trip)
{
    using namespace net::experimental::awaitable_operators;
    auto const accepted = steady::now();
    tcp::socket server(client.get_executor());
    auto const [failure] = co_await server.async_connect(target, tuple);
    if (failure) co_return;
    client.set_option(tcp::no_delay(true));
    server.set_option(tcp::no_delay(true));

    // The server learns that there is a connection from the ACK, half a round trip after the client does.
    auto const one_way = round_trip / 2;
    lane up(client, server, delay_line(one_way, accepted + round_trip));
    lane down(server, client, delay_line(one_way, accepted + round_trip + one_way));
    co_await (take_in(up) && hand_out(up) && take_in(down) && hand_out(down));
}

} // namespace

relay::relay(net::io_context& on, std::uint16_t port, tcp::endpoint target, steady::duration round_trip)
    : listener_(on, tcp::endpoint(net::ip::address_v4::loopback(), port)),
      target_(std::move(target)),
      round_trip_(round_trip)
{
}

net::awaitable<void> relay::serve()
{
    auto const pass_on = [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
    };
    for (;;) {
        auto [failure, client] = co_await listener_.async_accept(tuple);
        if (failure == net::error::operation_aborted) co_return;
        if (failure) throw boost::system::system_error(failure, "accept");
        auto const executor = client.get_executor();
        net::co_spawn(executor, carry(std::move(client), target_, round_trip_), pass_on);
    }
}

} // namespace first_audio
