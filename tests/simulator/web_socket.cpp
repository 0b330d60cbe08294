#include "tests/simulator/web_socket.hpp"

#include "tests/simulator/wire.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace simulator {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

namespace {

constexpr std::chrono::seconds closing_time{5}; ///< for the peer to answer a Close
constexpr std::size_t texts_kept = 50;
constexpr std::size_t text_bytes_kept = 2048;

} // namespace

struct web_socket::parts {
    parts(std::shared_ptr<record> e, std::shared_ptr<wire> c, bell& b)
        : entry{std::move(e)},
          client{std::move(c)},
          stream{client->stream},
          idle{stream.get_executor()},
          turn{stream.get_executor()},
          changes{b}
    {
        inbox.reserve(16 * 1024);
    }

    std::shared_ptr<record> entry;
    std::shared_ptr<wire> client;
    websocket::stream<net::ssl::stream<tcp::socket>&, false> stream; // false: no permessage-deflate
    beast::flat_buffer inbox;
    net::steady_timer idle;
    std::chrono::seconds idle_limit{0};
    bool pings_count = true;
    bell turn; ///< rings when the sender is done
    bell& changes;
    bool sending = false;
    bool closing = false;
    bool ended = false;
};

web_socket::web_socket(std::shared_ptr<record> entry, std::shared_ptr<wire> client, bell& changes)
    : parts_{std::make_unique<parts>(std::move(entry), std::move(client), changes)}
{
}

web_socket::~web_socket() = default;

bool web_socket::open() const { return !parts_->closing && !parts_->ended; }
socket_tally const& web_socket::tally() const { return parts_->entry->socket; }

net::awaitable<std::shared_ptr<web_socket>> web_socket::accept(exchange& x)
{
    std::shared_ptr<web_socket> self{
        new web_socket{x.entry, x.client, x.sim.changes}
    };
    auto& stream = self->parts_->stream;
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = closing_time;
    limits.idle_timeout = websocket::stream_base::none();
    limits.keep_alive_pings = false;
    stream.set_option(limits);
    stream.read_message_max(message_bytes_max);
    auto headers = x.common_headers();
    if (x.trouble) headers.insert(headers.end(), x.trouble->headers.begin(), x.trouble->headers.end());
    stream.set_option(websocket::stream_base::decorator([headers](websocket::response_type& answer) {
        for (auto const& [name, value] : headers)
            answer.set(name, value);
    }));
    stream.control_callback([raw = self.get()](websocket::frame_type kind, beast::string_view) {
        auto& tally = raw->parts_->entry->socket;
        if (kind == websocket::frame_type::ping) ++tally.pings;
        if (kind == websocket::frame_type::pong) ++tally.pongs;
        if (kind != websocket::frame_type::close && raw->parts_->pings_count) raw->touch();
    });

    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head_bytes_max));
    beast::error_code ignored; // the head has been read once already
    parser.put(net::buffer(x.head.raw), ignored);
    auto const request = parser.release();
    auto const [ec] = co_await stream.async_accept(request, tuple);
    x.entry->status = ec ? 400 : 101;
    x.reusable = false;
    if (ec) self.reset();
    co_return self;
}

net::awaitable<std::optional<message>> web_socket::receive()
{
    auto const self = shared_from_this();
    auto& p = *parts_;
    if (p.ended) co_return std::nullopt;
    p.inbox.consume(p.inbox.size());
    auto const [ec, n] = co_await p.stream.async_read(p.inbox, tuple);
    if (ec) {
        note_end(ec);
        co_return std::nullopt;
    }
    touch();
    message got{.text = p.stream.got_text(), .data = beast::buffers_to_string(p.inbox.data())};
    auto& tally = p.entry->socket;
    ++(got.text ? tally.text_received : tally.binary_received);
    tally.bytes_received += got.data.size();
    if (got.text && tally.first_texts.size() < texts_kept)
        tally.first_texts.push_back(got.data.substr(0, text_bytes_kept));
    if (p.inbox.capacity() > 1024 * 1024) p.inbox = beast::flat_buffer{};
    co_return got;
}

void web_socket::note_end(error_code why)
{
    auto& p = *parts_;
    auto& tally = p.entry->socket;
    p.ended = true;
    p.idle.cancel();
    p.turn.ring();
    p.changes.ring();
    if (!tally.closed_by.empty()) return;
    bool const closed = why == websocket::error::closed;
    auto const& reason = p.stream.reason();
    tally.closed_by = closed ? "peer" : p.client->cut_by_us() ? "simulator" : "nobody";
    tally.close_code = closed ? (reason.code == websocket::close_code::none ? 1005U : reason.code) : 1006U;
    if (closed) tally.close_reason = std::string{reason.reason.data(), reason.reason.size()};
}

net::awaitable<bool> web_socket::send_text(std::string text) { return send(true, std::move(text)); }
net::awaitable<bool> web_socket::send_binary(std::string bytes) { return send(false, std::move(bytes)); }

net::awaitable<bool> web_socket::send(bool text, std::string data)
{
    auto const self = shared_from_this();
    auto& p = *parts_;
    while (p.sending && open())
        co_await p.turn.wait();
    if (!open()) co_return false;
    p.sending = true;
    p.stream.text(text);
    auto const [ec, n] = co_await p.stream.async_write(net::buffer(data), tuple);
    p.sending = false;
    p.turn.ring();
    if (ec) co_return false;
    auto& tally = p.entry->socket;
    ++(text ? tally.text_sent : tally.binary_sent);
    tally.bytes_sent += data.size();
    if (p.pings_count) touch(); // where pings count, so does what we say
    co_return true;
}

net::awaitable<void> web_socket::close(unsigned code, std::string reason)
{
    auto const self = shared_from_this();
    auto& p = *parts_;
    if (!open()) co_return;
    p.closing = true;
    p.idle.cancel();
    p.turn.ring();
    auto& tally = p.entry->socket;
    tally.closed_by = "simulator";
    tally.close_code = code;
    tally.close_reason = reason;
    websocket::close_reason why{static_cast<std::uint16_t>(code)};
    why.reason.assign(reason.data(), std::min<std::size_t>(reason.size(), why.reason.max_size()));
    co_await p.stream.async_close(why, tuple);
    p.ended = true;
    p.changes.ring();
}

namespace {

net::awaitable<void> close_one(std::shared_ptr<web_socket> socket, unsigned code, std::string reason)
{
    co_await socket->close(code, std::move(reason));
}

} // namespace

void web_socket::close_soon(unsigned code, std::string reason)
{
    net::co_spawn(
        parts_->stream.get_executor(), close_one(shared_from_this(), code, std::move(reason)), report_throw);
}

void web_socket::drop()
{
    auto& tally = parts_->entry->socket;
    if (tally.closed_by.empty()) {
        tally.closed_by = "simulator";
        tally.close_code = 1006;
    }
    parts_->client->reset();
}

void web_socket::limit_idling(std::chrono::seconds time, bool pings_count)
{
    parts_->idle_limit = time;
    parts_->pings_count = pings_count;
    touch();
}

void web_socket::touch()
{
    auto& p = *parts_;
    if (p.idle_limit.count() == 0 || !open()) return;
    p.idle.expires_after(p.idle_limit);
    p.idle.async_wait([weak = weak_from_this()](error_code ec) {
        auto const self = weak.lock();
        if (!ec && self) self->close_soon(1000, "connection idle timeout");
    });
}

} // namespace simulator
