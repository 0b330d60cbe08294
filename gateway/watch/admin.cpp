#include "gateway/watch/admin.hpp"

#include "gateway/base/on_end.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <optional>
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
constexpr std::uint64_t body_bytes_max = 4 * 1024;
constexpr std::size_t dropped_bytes_max = 64 * 1024;
constexpr std::string_view revoke_path = "/revoke";

using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

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

std::string_view path_of(request const& asked)
{
    std::string_view const target = asked.target();
    return target.substr(0, target.find('?'));
}

response answer_to(request const& asked, admin_sources const& sources)
{
    auto const path = path_of(asked);
    if (path == revoke_path) {
        auto refused = reply(http::status::method_not_allowed, "method not allowed\n");
        refused.set(http::field::allow, "POST");
        return refused;
    }
    if (asked.method() != http::verb::get) return reply(http::status::not_found, "not found\n");
    if (path == "/healthz") return reply(http::status::ok, "ok\n");
    if (path == "/metrics")
        return reply(http::status::ok, sources.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    if (path != "/readyz") return reply(http::status::not_found, "not found\n");
    auto const lacking = sources.why_not_ready();
    if (lacking.empty()) return reply(http::status::ok, "ready\n");
    return reply(http::status::service_unavailable, lacking + "\n");
}

bool is_json(std::string_view content_type)
{
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t'))
        type.remove_suffix(1);
    return beast::iequals(type, "application/json");
}

/// Whether `host` names a loopback address or `localhost`, as a name that was rebound to it cannot.
bool names_loopback(std::string_view host)
{
    auto const bracket = host.find(']');
    auto name = host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket));
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    boost::system::error_code no_address;
    auto const address = net::ip::make_address(std::string(name), no_address);
    return beast::iequals(name, "localhost") || (!no_address && address.is_loopback());
}

/// What keeps pages in browsers from changing anything here.
std::optional<response> refusal_of_a_page(request const& asked, bool on_loopback)
{
    if (!is_json(asked[http::field::content_type]))
        return reply(http::status::unsupported_media_type, "Content-Type must be application/json\n");
    auto const from_a_page = asked.count(http::field::origin) != 0 || asked.count("Sec-Fetch-Site") != 0;
    if (from_a_page || (on_loopback && !names_loopback(asked[http::field::host])))
        return reply(http::status::forbidden, "not for browsers\n");
    return std::nullopt;
}

response
answer_to_revoke(request& asked, beast::tcp_stream& from, bool on_loopback, admin_sources const& sources)
{
    if (auto refusal = refusal_of_a_page(asked, on_loopback)) return std::move(*refusal);
    boost::system::error_code gone;
    auto const client = from.socket().remote_endpoint(gone).address();
    auto done = sources.revoke({std::move(asked.body()), client.to_string()});
    if (done.status != 200) return reply(http::int_to_status(done.status), std::move(done.body));
    return reply(http::status::ok, std::move(done.body), "application/json");
}

} // namespace

struct admin::state {
    state(net::io_context& control, endpoint const& where, admin_sources from)
        : acceptor(listen_at(control, where)),
          pause(control),
          port(acceptor.local_endpoint().port()),
          on_loopback(acceptor.local_endpoint().address().is_loopback()),
          sources(std::move(from))
    {
    }

    static net::awaitable<void> accept_all(std::shared_ptr<state> self);
    static net::awaitable<void> serve(std::shared_ptr<state> self, tcp::socket client);
    void shut();

    tcp::acceptor acceptor;
    net::steady_timer pause;
    std::uint16_t const port;
    bool const on_loopback;
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

/// Who sends more than is read must still be able to read the answer: a socket that is closed over unread
/// bytes would reset it away (RFC 9112 §9.6).
net::awaitable<void> drop_rest(beast::tcp_stream& from)
{
    std::array<char, 4096> room{};
    for (std::size_t dropped = 0; dropped < dropped_bytes_max;) {
        auto [ec, n] = co_await from.async_read_some(net::buffer(room), tuple);
        if (ec) co_return;
        dropped += n;
    }
}

/// One request for each connection, which closes after the answer. Only POST /revoke has its body read.
net::awaitable<void> admin::state::serve(std::shared_ptr<state> self, tcp::socket client)
{
    auto stream = beast::tcp_stream(std::move(client));
    auto inbox = beast::flat_buffer(head_bytes_max + body_bytes_max);
    auto parser = http::request_parser<http::string_body>();
    parser.header_limit(head_bytes_max);
    parser.body_limit(body_bytes_max);
    stream.expires_after(deadline);
    auto [flaw, read] = co_await http::async_read_header(stream, inbox, parser, tuple);
    auto& asked = parser.get();
    auto const revokes = asked.method() == http::verb::post && path_of(asked) == revoke_path;
    if (!flaw && revokes) {
        auto [in_body, more] = co_await http::async_read(stream, inbox, parser, tuple);
        flaw = in_body;
    }
    auto answer = std::optional<response>();
    if (flaw == http::error::body_limit)
        answer = reply(http::status::payload_too_large, "the body is too large\n");
    else if (!flaw && revokes)
        answer = answer_to_revoke(asked, stream, self->on_loopback, self->sources);
    else if (!flaw)
        answer = answer_to(asked, self->sources);
    if (answer && !self->stopped) {
        stream.expires_after(deadline);
        auto [lost, written] = co_await http::async_write(stream, *answer, tuple);
        boost::system::error_code ignored;
        if (!lost) stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        if (!lost && !parser.is_done()) co_await drop_rest(stream);
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
