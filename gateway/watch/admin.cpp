#include "gateway/watch/admin.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <exception>
#include <string_view>

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using net::ip::tcp;

namespace gateway::watch {
namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr std::size_t connections_max = 16;
constexpr auto deadline = std::chrono::seconds{5};
constexpr auto accept_again = std::chrono::milliseconds{100};
constexpr std::uint32_t head_bytes_max = 8 * 1024;

using response = http::response<http::string_body>;

/// An exception here is a bug: it ends the control thread's `run` rather than going unseen.
void on_end(std::exception_ptr const& thrown)
{
    if (thrown) std::rethrow_exception(thrown);
}

tcp::acceptor listen_at(net::io_context& control, endpoint const& where)
{
    auto const at = tcp::endpoint{net::ip::make_address(where.host), where.port};
    return {control, at}; // with SO_REUSEADDR
}

response reply(http::status status, std::string body, std::string_view type = "text/plain; charset=utf-8")
{
    auto made = response(status, 11);
    made.set(http::field::content_type, type);
    made.set(http::field::cache_control, "no-store");
    made.keep_alive(false);
    made.body() = std::move(body);
    made.prepare_payload();
    return made;
}

response answer_to(http::verb method, std::string_view target, admin_sources const& sources)
{
    auto const path = target.substr(0, target.find('?'));
    if (method != http::verb::get) return reply(http::status::not_found, "not found\n");
    if (path == "/healthz") return reply(http::status::ok, "ok\n");
    if (path == "/metrics")
        return reply(http::status::ok, sources.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    if (path != "/readyz") return reply(http::status::not_found, "not found\n");
    if (sources.ready()) return reply(http::status::ok, "ready\n");
    return reply(http::status::service_unavailable, sources.why_not_ready() + "\n");
}

} // namespace

struct admin::state {
    state(net::io_context& control, endpoint const& where, admin_sources from)
        : acceptor(listen_at(control, where)),
          pause(control),
          port(acceptor.local_endpoint().port()),
          sources(std::move(from))
    {
    }

    static net::awaitable<void> accept_all(std::shared_ptr<state> self);
    static net::awaitable<void> serve(std::shared_ptr<state> self, tcp::socket client);
    void shut();

    tcp::acceptor acceptor;
    net::steady_timer pause;
    std::uint16_t const port;
    admin_sources const sources;
    std::size_t connections = 0;
    bool stopped = false;
};

net::awaitable<void> admin::state::accept_all(std::shared_ptr<state> self)
{
    while (!self->stopped) {
        auto [ec, client] = co_await self->acceptor.async_accept(tuple);
        if (self->stopped) co_return;
        if (ec) {
            // Mostly: no descriptors left. Trying again at once would only burn a core.
            self->pause.expires_after(accept_again);
            co_await self->pause.async_wait(tuple);
        } else if (self->connections < connections_max) {
            ++self->connections;
            net::co_spawn(self->acceptor.get_executor(), serve(self, std::move(client)), on_end);
        }
    }
}

/// One request for each connection. A body is never read; the connection closes after the answer.
net::awaitable<void> admin::state::serve(std::shared_ptr<state> self, tcp::socket client)
{
    auto stream = beast::tcp_stream(std::move(client));
    auto inbox = beast::flat_buffer(head_bytes_max);
    auto parser = http::request_parser<http::empty_body>();
    parser.header_limit(head_bytes_max);
    stream.expires_after(deadline);
    auto [bad_head, read] = co_await http::async_read_header(stream, inbox, parser, tuple);
    if (!bad_head && !self->stopped) {
        auto const& head = parser.get();
        auto answer = answer_to(head.method(), head.target(), self->sources);
        stream.expires_after(deadline);
        auto [lost, written] = co_await http::async_write(stream, answer, tuple);
        boost::system::error_code ignored;
        if (!lost) stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }
    --self->connections;
}

void admin::state::shut()
{
    boost::system::error_code ignored;
    stopped = true;
    acceptor.close(ignored);
    pause.cancel();
}

admin::admin(net::io_context& control, endpoint const& where, admin_sources sources)
    : state_(std::make_shared<state>(control, where, std::move(sources)))
{
    net::co_spawn(control, state::accept_all(state_), on_end);
}

admin::~admin() { state_->shut(); }

std::uint16_t admin::port() const noexcept { return state_->port; }

void admin::stop() { state_->shut(); }

} // namespace gateway::watch
