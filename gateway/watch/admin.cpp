#include "gateway/watch/admin.hpp"

#include "gateway/base/chars.hpp"
#include "gateway/base/on_end.hpp"
#include "gateway/base/reply.hpp"
#include "gateway/watch/admin_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace beast = boost::beast;
namespace net = boost::asio;
using net::ip::tcp;

namespace gateway::watch {
namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr std::size_t connections_max = 16;
constexpr auto deadline = std::chrono::seconds{5};
constexpr auto accept_again = std::chrono::milliseconds{100};
constexpr std::size_t dropped_bytes_max = std::size_t{64} * 1024;

/// What a POST does.
struct change {
    std::function<admin_answer(admin_request const&)> const& make;
    bool has_words; ///< else nothing can be said in its body
};

/// Nothing: `path` is no place to post to.
std::optional<change> change_at(std::string_view path, admin_sources const& sources)
{
    if (path == "/revoke") return change{sources.revoke, true};
    if (path == "/reload") return change{sources.reload, false};
    if (path == "/drain") return change{sources.drain, false};
    return std::nullopt;
}

struct response {
    response(unsigned code, std::string text, std::string_view kind = "text/plain; charset=utf-8")
        : status(code), body(std::move(text)), type(kind)
    {
    }
    unsigned status;
    std::string body;
    std::string_view type;
    std::string_view allow; ///< `Allow`, or empty
};

/// A descriptor that is given up when no other is left: clients may have taken all, and whoever asks for
/// health must still be answered.
class spare_descriptor {
public:
    spare_descriptor() noexcept { hold(); }
    ~spare_descriptor() { give(); }
    spare_descriptor(spare_descriptor const&) = delete;
    spare_descriptor& operator=(spare_descriptor const&) = delete;

    void hold() noexcept
    {
        if (held_ < 0) held_ = ::eventfd(0, EFD_CLOEXEC);
    }
    /// False: it is given up already.
    bool give() noexcept
    {
        if (held_ < 0) return false;
        ::close(std::exchange(held_, -1));
        return true;
    }

private:
    int held_ = -1;
};

tcp::acceptor listen_at(net::io_context& control, endpoint const& where)
{
    auto const at = tcp::endpoint{net::ip::make_address(where.host), where.port};
    return {control, at}; // with SO_REUSEADDR
}

tcp::acceptor take_over(net::io_context& control, int listening)
{
    sockaddr_storage here{};
    socklen_t size = sizeof here;
    getsockname(listening, reinterpret_cast<sockaddr*>(&here), &size);
    return {control, here.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), listening};
}

std::string text_of(response const& answer)
{
    auto text = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
    text += reason_phrase(answer.status);
    ((text += "\r\nContent-Type: ") += answer.type) += "\r\nCache-Control: no-store\r\nConnection: close";
    if (!answer.allow.empty()) (text += "\r\nAllow: ") += answer.allow;
    text += "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
    return text + answer.body;
}

std::string_view path_of(admin_question const& asked)
{
    auto const target = asked.head.target;
    return target.substr(0, target.find('?'));
}

response answer_to(admin_question const& asked, admin_sources const& sources)
{
    auto const path = path_of(asked);
    if (change_at(path, sources)) {
        response refused(405, "method not allowed\n");
        refused.allow = "POST";
        return refused;
    }
    if (asked.head.method != "GET") return {404, "not found\n"};
    if (path == "/healthz") return {200, "ok\n"};
    if (path == "/metrics") return {200, sources.metrics(), "text/plain; version=0.0.4; charset=utf-8"};
    if (path != "/readyz") return {404, "not found\n"};
    auto const lacking = sources.why_not_ready();
    if (lacking.empty()) return {200, "ready\n"};
    return {503, lacking + "\n"};
}

bool is_json(std::string_view content_type)
{
    return chars::is_same_word(
        chars::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

/// Whether `host` names a loopback address or `localhost`, as a name that was rebound to it cannot.
bool names_loopback(std::string_view host)
{
    auto const bracket = host.find(']');
    auto name = host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket));
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    boost::system::error_code no_address;
    auto const address = net::ip::make_address(std::string(name), no_address);
    return chars::is_same_word(name, "localhost") || (!no_address && address.is_loopback());
}

/// What keeps pages in browsers from changing anything here.
std::optional<response> refusal_of_a_page(wire::request_head const& asked, bool on_loopback)
{
    auto const& fields = asked.fields;
    if (!is_json(fields.only(field_name::content_type).value_or("")))
        return response{415, "Content-Type must be application/json\n"};
    auto const from_a_page = fields.find(field_name::origin) || fields.find(field_name::sec_fetch_site);
    if (from_a_page || (on_loopback && !names_loopback(asked.host)))
        return response{403, "not for browsers\n"};
    return std::nullopt;
}

response
answer_to_change(admin_question& asked, beast::tcp_stream& from, bool on_loopback, change const& wanted)
{
    if (auto refusal = refusal_of_a_page(asked.head, on_loopback)) return std::move(*refusal);
    if (!wanted.has_words && !asked.body.empty() && asked.body != "{}")
        return {400, "nothing but {} can be said here\n"};
    boost::system::error_code gone;
    auto const client = from.socket().remote_endpoint(gone).address();
    auto done = wanted.make({std::move(asked.body), client.to_string()});
    if (done.status != 200) return {done.status, std::move(done.body)};
    return {200, std::move(done.body), "application/json"};
}

} // namespace

struct admin::state {
    state(tcp::acceptor listening, admin_sources from)
        : acceptor(std::move(listening)),
          pause(acceptor.get_executor()),
          port(acceptor.local_endpoint().port()),
          on_loopback(acceptor.local_endpoint().address().is_loopback()),
          sources(std::move(from))
    {
    }

    static net::awaitable<void> accept_all(std::shared_ptr<state> self);
    static net::awaitable<void> serve(std::shared_ptr<state> self, tcp::socket client);
    net::awaitable<std::optional<response>> answer(beast::tcp_stream& from, admin_question& asked);
    void shut();

    tcp::acceptor acceptor;
    net::steady_timer pause;
    spare_descriptor spare;
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
            // Mostly: no descriptors left. Trying again and again would only burn a core.
            if (self->spare.give()) continue;
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

/// Nothing: what came is no request. Only what changes something has its body read.
net::awaitable<std::optional<response>> admin::state::answer(beast::tcp_stream& from, admin_question& asked)
{
    if (!co_await read_head(from, asked)) co_return std::nullopt;
    auto const wanted = change_at(path_of(asked), sources);
    if (!wanted || asked.head.method != "POST") co_return answer_to(asked, sources);
    auto const body = co_await read_body(from, asked);
    if (body == admin_body::flawed) co_return std::nullopt;
    if (body == admin_body::too_large) co_return response{413, "the body is too large\n"};
    co_return answer_to_change(asked, from, on_loopback, *wanted);
}

/// One request for each connection, which closes after the answer.
net::awaitable<void> admin::state::serve(std::shared_ptr<state> self, tcp::socket client)
{
    auto stream = beast::tcp_stream(std::move(client));
    stream.expires_after(deadline);
    admin_question asked;
    auto const answered = co_await self->answer(stream, asked);
    if (answered && !self->stopped) {
        auto const text = text_of(*answered);
        stream.expires_after(deadline);
        auto [lost, written] = co_await net::async_write(stream, net::buffer(text), tuple);
        boost::system::error_code ignored;
        if (!lost) stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        if (!lost && !asked.whole) co_await drop_rest(stream);
    }
    stream.close();
    self->spare.hold();
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
    : state_(std::make_shared<state>(listen_at(control, where), std::move(sources)))
{
    net::co_spawn(control, state::accept_all(state_), on_end);
}

admin::admin(net::io_context& control, int listening, admin_sources sources)
    : state_(std::make_shared<state>(take_over(control, listening), std::move(sources)))
{
    net::co_spawn(control, state::accept_all(state_), on_end);
}

admin::~admin() { state_->shut(); }

std::uint16_t admin::port() const noexcept { return state_->port; }

void admin::stop() { state_->shut(); }

} // namespace gateway::watch
