#include "tests/gateway/upstream/mint_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <exception>

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using net::ip::tcp;

namespace test {
namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);

void on_end(std::exception_ptr const& thrown)
{
    if (thrown) std::rethrow_exception(thrown);
}

seen_request seen(http::request<http::string_body> const& request)
{
    auto made = seen_request{};
    made.method = request.method_string();
    made.target = request.target();
    made.body = request.body();
    for (auto const& field : request) {
        auto name = std::string(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
        });
        made.fields[name] += std::string(field.value());
    }
    return made;
}

} // namespace

mint_server::mint_server(net::io_context& io, std::filesystem::path const& certificates)
    : tls_(net::ssl::context::tls_server), acceptor_(io, tcp::endpoint{net::ip::address_v4::loopback(), 0})
{
    tls_.use_certificate_chain_file(certificates / "localhost.pem");
    tls_.use_private_key_file(certificates / "localhost.key", net::ssl::context::pem);
    net::co_spawn(io, accept_all(), on_end);
}

mint_server::~mint_server() = default;

tcp::endpoint mint_server::where() const { return acceptor_.local_endpoint(); }

void mint_server::close() { acceptor_.close(); }

net::awaitable<void> mint_server::accept_all()
{
    for (;;) {
        auto [ec, client] = co_await acceptor_.async_accept(tuple);
        if (ec) co_return;
        net::co_spawn(acceptor_.get_executor(), serve(std::move(client)), on_end);
    }
}

net::awaitable<void> mint_server::serve(tcp::socket client)
{
    auto stream = net::ssl::stream<tcp::socket>(std::move(client), tls_);
    if (auto [ec] = co_await stream.async_handshake(net::ssl::stream_base::server, tuple); ec) {
        ++handshakes_failed;
        co_return;
    }
    auto inbox = beast::flat_buffer(65'536);
    auto parser = http::request_parser<http::string_body>();
    auto [ec, n] = co_await http::async_read(stream, inbox, parser, tuple);
    client_bytes += n;
    if (ec) co_return;
    requests.push_back(seen(parser.get()));
    auto const text = answer(requests.back());
    if (text.empty()) {
        char ignored[1];
        auto const into = net::buffer(ignored);
        co_await stream.async_read_some(into, tuple);
        co_return;
    }
    auto const bytes = net::buffer(text);
    co_await net::async_write(stream, bytes, tuple);
}

std::string http_answer(unsigned status, std::string const& body)
{
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

} // namespace test
