#include "gateway/watch/admin_reader.hpp"

#include "gateway/wire/body.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace net = boost::asio;
using boost::beast::tcp_stream;

namespace gateway::watch {
namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr std::size_t head_bytes_max = std::size_t{8} * 1024;
constexpr std::size_t read_bytes = std::size_t{4} * 1024;

} // namespace

net::awaitable<bool> read_head(tcp_stream& from, admin_question& into)
{
    wire::head_limits limits;
    limits.bytes_max = head_bytes_max;
    std::array<char, read_bytes> room{};
    std::size_t scanned = 0;
    wire::head_result got;
    while (got.state == wire::head_state::incomplete) {
        auto [ec, n] = co_await from.async_read_some(net::buffer(room), tuple);
        if (ec) co_return false;
        into.bytes.append(room.data(), n);
        got = wire::read_request_head(into.bytes, limits, scanned, into.head);
    }
    into.body = into.bytes.substr(got.bytes);
    into.whole = into.head.body == wire::framing::none;
    co_return got.state == wire::head_state::complete;
}

net::awaitable<admin_body> read_body(tcp_stream& from, admin_question& into)
{
    auto decoder = wire::body_decoder(into.head.body, into.head.content_length);
    auto piece = std::move(into.body);
    into.body.clear();
    while (into.head.content_length <= admin_body_bytes_max) {
        auto const found = decoder.feed(piece);
        if (found.now == wire::body_decoder::state::flawed) co_return admin_body::flawed;
        if (found.size > admin_body_bytes_max - into.body.size()) break;
        into.body.append(piece, found.offset, found.size);
        into.whole = decoder.done();
        if (into.whole) co_return admin_body::whole;
        piece.resize(read_bytes);
        auto [ec, n] = co_await from.async_read_some(net::buffer(piece), tuple);
        if (ec) co_return admin_body::flawed;
        piece.resize(n);
    }
    co_return admin_body::too_large;
}

} // namespace gateway::watch
