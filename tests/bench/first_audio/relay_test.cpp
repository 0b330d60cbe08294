#include "tests/bench/first_audio/relay.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <string>

using namespace std::chrono_literals;
using first_audio::delay_line;
using first_audio::relay;
using first_audio::steady;
using tcp = relay::tcp;
namespace net = boost::asio;

namespace {

constexpr auto round_trip = 10ms;

void fail_loudly(std::exception_ptr thrown)
{
    if (thrown) std::rethrow_exception(thrown);
}

/// A server, and a relay that leads to it. Each test is the server's coroutine and the client's; `run`
/// returns once both and all connections have come to their end.
struct far_server {
    net::io_context io{1};
    tcp::acceptor server{
        io, tcp::endpoint{net::ip::address_v4::loopback(), 0}
    };
    relay between{io, 0, server.local_endpoint(), round_trip};

    [[nodiscard]] net::awaitable<tcp::socket> connect()
    {
        tcp::socket client(io);
        tcp::endpoint const to(net::ip::address_v4::loopback(), between.port());
        co_await client.async_connect(to, net::use_awaitable);
        co_return client;
    }

    void run(net::awaitable<void> serving, net::awaitable<void> asking)
    {
        net::co_spawn(io, between.serve(), fail_loudly);
        net::co_spawn(io, std::move(serving), fail_loudly);
        net::co_spawn(io, std::move(asking), [this](std::exception_ptr thrown) {
            between.stop();
            fail_loudly(thrown);
        });
        io.run();
    }
};

/// Sends back what comes, then its end.
net::awaitable<void> echo(far_server& at)
{
    auto peer = co_await at.server.async_accept(net::use_awaitable);
    for (std::string bytes(4096, '\0');;) {
        boost::system::error_code end;
        auto const size =
            co_await peer.async_read_some(net::buffer(bytes), net::redirect_error(net::use_awaitable, end));
        if (end) break;
        co_await net::async_write(peer, net::buffer(bytes, size), net::use_awaitable);
    }
    peer.shutdown(tcp::socket::shutdown_send);
}

net::awaitable<std::string> read_to_end(tcp::socket& from)
{
    std::string all;
    boost::system::error_code end;
    co_await net::async_read(from, net::dynamic_buffer(all), net::redirect_error(net::use_awaitable, end));
    BOOST_TEST((end == net::error::eof));
    co_return all;
}

net::awaitable<void> write_and_end(tcp::socket& into, std::string const& all)
{
    co_await net::async_write(into, net::buffer(all), net::use_awaitable);
    into.shutdown(tcp::socket::shutdown_send);
}

net::awaitable<steady::duration> echo_time(tcp::socket& over)
{
    std::string byte = "x";
    auto const start = steady::now();
    co_await net::async_write(over, net::buffer(byte), net::use_awaitable);
    co_await net::async_read(over, net::buffer(byte), net::use_awaitable);
    co_return steady::now() - start;
}

/// The relay accepts after the client's connect has returned, so the clock here is never ahead of the
/// relay's.
net::awaitable<void> time_two_echoes(far_server& at)
{
    auto client = co_await at.connect();
    auto const first = co_await echo_time(client);
    auto const second = co_await echo_time(client);
    BOOST_TEST((first >= round_trip));
    BOOST_TEST((second >= round_trip));
    client.shutdown(tcp::socket::shutdown_send);
    auto const rest = co_await read_to_end(client);
    BOOST_TEST(rest == "");
}

net::awaitable<void> time_from_connect(far_server& at)
{
    auto const start = steady::now();
    auto client = co_await at.connect();
    (void)co_await echo_time(client);
    BOOST_TEST((steady::now() - start >= 2 * round_trip));
    client.shutdown(tcp::socket::shutdown_send);
}

net::awaitable<void> send_more_than_a_line_holds(far_server& at)
{
    std::string all;
    for (std::size_t i = 0; all.size() < 4 * delay_line::pieces_max * delay_line::piece_bytes_max; ++i)
        all.append(std::to_string(i)).append(" ");
    auto client = co_await at.connect();
    net::co_spawn(at.io, write_and_end(client, all), fail_loudly);
    auto const back = co_await read_to_end(client);
    BOOST_TEST((back == all));
}

net::awaitable<void> answer_at_the_end(far_server& at)
{
    auto peer = co_await at.server.async_accept(net::use_awaitable);
    auto const asked = co_await read_to_end(peer);
    BOOST_TEST(asked == "asked");
    std::string const answer = "answered";
    co_await write_and_end(peer, answer);
}

net::awaitable<void> ask_and_end(far_server& at)
{
    auto client = co_await at.connect();
    auto const start = steady::now();
    std::string const question = "asked";
    co_await write_and_end(client, question);
    auto const answer = co_await read_to_end(client);
    BOOST_TEST(answer == "answered");
    BOOST_TEST((steady::now() - start >= round_trip));
}

net::awaitable<void> pour_until_it_fails(far_server& at)
{
    auto peer = co_await at.server.async_accept(net::use_awaitable);
    std::string const plenty(1 << 20, 'x');
    for (boost::system::error_code end; !end;)
        co_await net::async_write(peer, net::buffer(plenty), net::redirect_error(net::use_awaitable, end));
}

net::awaitable<void> read_some_and_leave(far_server& at)
{
    auto client = co_await at.connect();
    std::string some(4096, '\0');
    co_await net::async_read(client, net::buffer(some), net::use_awaitable);
    client.close();
}

net::awaitable<void> refuse(far_server& at)
{
    at.server.close();
    co_return;
}

net::awaitable<void> find_nothing(far_server& at)
{
    auto client = co_await at.connect();
    auto const nothing = co_await read_to_end(client);
    BOOST_TEST(nothing == "");
}

} // namespace

BOOST_AUTO_TEST_CASE(an_echo_takes_a_round_trip)
{
    far_server at;
    at.run(echo(at), time_two_echoes(at));
}

BOOST_AUTO_TEST_CASE(a_new_connection_takes_another)
{
    far_server at;
    at.run(echo(at), time_from_connect(at));
}

BOOST_AUTO_TEST_CASE(order_is_kept_and_no_byte_lost_when_far_more_is_sent_than_a_line_holds)
{
    far_server at;
    at.run(echo(at), send_more_than_a_line_holds(at));
}

BOOST_AUTO_TEST_CASE(each_half_closes_by_itself)
{
    far_server at;
    at.run(answer_at_the_end(at), ask_and_end(at));
}

BOOST_AUTO_TEST_CASE(a_client_that_is_gone_ends_what_the_server_still_sends)
{
    far_server at;
    at.run(pour_until_it_fails(at), read_some_and_leave(at));
}

BOOST_AUTO_TEST_CASE(a_target_that_refuses_ends_the_connection)
{
    far_server at;
    at.run(refuse(at), find_nothing(at));
}
