#include "gateway/upstream/fetch.hpp"

#include "certs/secret.hpp"
#include "certs/tls_context.hpp"
#include "gateway/upstream/answer_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace beast = boost::beast;
namespace net = boost::asio;
using net::ip::tcp;

namespace gateway::upstream {
namespace {

using clock = std::chrono::steady_clock;
using ending = fetched::ending;
using tls_stream = net::ssl::stream<beast::tcp_stream&>;

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr std::size_t addresses_tried_max = 3;
constexpr auto look_for_address = milliseconds{50};

/// One call under way.
struct call {
    std::string_view request;
    std::size_t answer_bytes_max;
    clock::time_point until;
    bool sent = false; ///< the server may have seen the request: another address would give the same answer
};

fetched failure(ending how, std::string flaw) { return {how, 0, {}, std::move(flaw)}; }

fetched failure(ending how, std::string_view stage, boost::system::error_code ec)
{
    if (ec == beast::error::timeout) how = ending::timeout;
    return failure(how, std::string(stage) + ": " + ec.message());
}

fetched result_of(answer_reader& answer)
{
    if (answer.now() == answer_reader::state::too_large)
        return failure(ending::bad_answer, "the answer is too large");
    if (answer.now() == answer_reader::state::flawed)
        return failure(ending::bad_answer, "the answer is no whole HTTP/1.1 answer");
    return {ending::answered, answer.status(), answer.take_body(), {}, answer.take_date()};
}

/// No close_notify is sent or awaited: the answer is framed, and there is no second one.
template <class Stream>
net::awaitable<fetched> ask(Stream& stream, call& what)
{
    what.sent = true;
    auto const bytes = net::buffer(what.request);
    if (auto [ec, n] = co_await net::async_write(stream, bytes, tuple); ec)
        co_return failure(ending::unreachable, "writing", ec);
    answer_reader answer(what.answer_bytes_max);
    std::array<char, 4096> piece{};
    auto const room = net::buffer(piece);
    while (answer.now() == answer_reader::state::more) {
        auto [ec, n] = co_await stream.async_read_some(room, tuple);
        if (ec == net::error::eof)
            answer.end();
        else if (ec)
            co_return failure(ending::bad_answer, "reading", ec);
        else
            answer.feed(std::span(piece).first(n));
    }
    certs::wipe(piece);
    co_return result_of(answer);
}

/// Enters a stream among those that `stop` closes, for as long as it lives.
class registration {
public:
    registration(std::vector<beast::tcp_stream*>& all, beast::tcp_stream& one) : all_(all), one_(&one)
    {
        all_.push_back(one_);
    }
    ~registration() { std::erase(all_, one_); }
    registration(registration const&) = delete;
    registration& operator=(registration const&) = delete;

private:
    std::vector<beast::tcp_stream*>& all_;
    beast::tcp_stream* one_;
};

} // namespace

struct fetch_client::state {
    state(net::io_context& on, fetch_server const& at, published<addresses> const& places)
        : control(on), server(at), where(places)
    {
    }

    net::awaitable<addresses> known_addresses(clock::time_point until);
    net::awaitable<fetched> call_at(tcp::endpoint at, clock::time_point connected_by, call& what);
    net::awaitable<fetched> call_securely(tls_stream& stream, call& what);

    net::io_context& control;
    fetch_server server;
    published<addresses> const& where;
    std::vector<beast::tcp_stream*> open; ///< for `stop`
    bool stopped = false;
};

/// At the start, the first look-up may still be under way. Once this is stopped, `where` may be gone.
net::awaitable<addresses> fetch_client::state::known_addresses(clock::time_point until)
{
    auto pause = net::steady_timer(control);
    addresses known;
    while (!stopped) {
        known = *where.latest();
        if (!known.empty() || clock::now() >= until) break;
        pause.expires_after(look_for_address);
        co_await pause.async_wait(tuple);
    }
    if (!server.vouched_by) std::erase_if(known, [](auto const& at) { return !at.address().is_loopback(); });
    co_return known;
}

net::awaitable<fetched> fetch_client::state::call_securely(tls_stream& stream, call& what)
{
    if (!certs::expect_server(stream.native_handle(), server.name))
        co_return failure(ending::unreachable, "OpenSSL refuses the server's name");
    if (auto [ec] = co_await stream.async_handshake(tls_stream::client, tuple); ec)
        co_return failure(ending::unreachable, "TLS", ec);
    co_return co_await ask(stream, what);
}

net::awaitable<fetched>
fetch_client::state::call_at(tcp::endpoint at, clock::time_point connected_by, call& what)
{
    auto tcp = beast::tcp_stream(control);
    auto const registered = registration(open, tcp);
    tcp.expires_at(connected_by);
    if (auto [ec] = co_await tcp.async_connect(at, tuple); ec)
        co_return failure(ending::unreachable, "connecting", ec);
    tcp.expires_at(what.until);
    if (!server.vouched_by) co_return co_await ask(tcp, what);
    auto tls = net::ssl::context(certs::share(server.vouched_by->get()).release());
    auto stream = tls_stream(tcp, tls);
    co_return co_await call_securely(stream, what);
}

fetch_client::fetch_client(
    net::io_context& control, fetch_server const& server, published<addresses> const& where)
    : state_(std::make_unique<state>(control, server, where))
{
}

fetch_client::~fetch_client() = default;

/// One address after the other: each may take an equal share of what is left of the time to be connected to.
net::awaitable<fetched> fetch_client::fetch(std::string_view request, fetch_bounds bounds)
{
    auto what = call{request, bounds.answer_bytes_max, clock::now() + bounds.deadline};
    auto const known = co_await state_->known_addresses(what.until);
    auto result = failure(ending::unreachable, "the server's address is not known");
    auto const tried = std::min(known.size(), addresses_tried_max);
    for (std::size_t i = 0; i < tried && !what.sent && !state_->stopped; ++i) {
        auto const now = clock::now();
        auto const share = (what.until - now) / static_cast<int>(tried - i);
        auto attempt = co_await state_->call_at(known[i], now + share, what);
        result = std::move(attempt);
    }
    co_return result;
}

void fetch_client::trust_anew(trust vouched_by) { state_->server.vouched_by = std::move(vouched_by); }

void fetch_client::stop()
{
    state_->stopped = true;
    for (auto* stream : state_->open)
        stream->close();
}

} // namespace gateway::upstream
