#include "gateway/upstream/credential_mint.hpp"

#include "certs/tls_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using net::ip::tcp;

namespace gateway::upstream {
namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr std::size_t addresses_tried_max = 3;
constexpr std::uint32_t head_bytes_max = 16 * 1024;
constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr std::size_t token_bytes_max = 4096;

using tls_stream = net::ssl::stream<beast::tcp_stream>;
using response_parser = http::response_parser<http::string_body>;

std::string host_field(std::string const& name)
{
    return name.find(':') == std::string::npos ? name : "[" + name + "]"; // an IPv6 address
}

std::string request_body(policy::grant_set grants, seconds lifetime)
{
    auto body = std::string(R"({"grants":{)");
    for (auto const grant : policy::all_grants) {
        if (!grants.has(grant)) continue;
        if (body.back() != '{') body += ',';
        body.append("\"").append(name(grant)).append("\":true");
    }
    return body + R"(},"expires_in":)" + std::to_string(lifetime.count()) + "}";
}

/// Written by hand rather than as a Beast message: the API key then stands in this one string, which can be
/// wiped.
certs::secret request_text(
    std::string const& host,
    std::string const& version,
    certs::secret const& api_key,
    std::string const& body)
{
    auto text = std::string();
    text.reserve(512 + api_key.reveal().size() + body.size()); // growing would leave copies behind
    text.append("POST /access-token HTTP/1.1\r\nHost: ").append(host);
    text.append("\r\nUser-Agent: voicegate\r\nAccept: application/json\r\nContent-Type: application/json");
    text.append("\r\nCartesia-Version: ").append(version);
    text.append("\r\nAuthorization: Bearer ").append(api_key.reveal());
    text.append("\r\nContent-Length: ").append(std::to_string(body.size()));
    text.append("\r\nConnection: close\r\n\r\n").append(body);
    return certs::secret(std::move(text));
}

/// token68 (RFC 9110 §11.2): what may stand behind `Bearer` and cannot smuggle a line end into a header.
bool is_token68(std::string_view text) noexcept
{
    auto const padding = text.find_last_not_of('=') + 1;
    auto const letters = text.substr(0, padding);
    auto const fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("-._~+/").find(c) != std::string_view::npos;
    };
    return !letters.empty() && std::all_of(letters.begin(), letters.end(), fits);
}

mint_result failure(std::string flaw) { return {{}, std::move(flaw)}; }

mint_result failure(std::string_view stage, boost::system::error_code ec)
{
    return failure(std::string(stage) + ": " + ec.message());
}

mint_result read_answer(http::response<http::string_body>& answer)
{
    if (answer.result_int() != 200)
        return failure("the upstream answered " + std::to_string(answer.result_int()));
    boost::system::error_code ec;
    auto json = boost::json::parse(answer.body(), ec);
    certs::wipe(answer.body());
    auto* const object = json.if_object();
    auto* const member = object != nullptr ? object->if_contains("token") : nullptr;
    auto* const text = member != nullptr ? member->if_string() : nullptr;
    if (ec || text == nullptr) return failure("the upstream's answer holds no token");

    auto token = certs::secret(std::string(text->data(), text->size()));
    certs::wipe({text->data(), text->size()});
    if (token.reveal().size() > token_bytes_max || !is_token68(token.reveal()))
        return failure("the upstream's token is not of a form that can be sent");
    return {std::move(token), {}};
}

} // namespace

struct mint_client::state {
    state(net::io_context& on, upstream_config const& config, certs::secret key, milliseconds each_step)
        : control(on),
          server_name(config.expected_name()),
          version(config.api_version),
          lifetime(config.access_token_lifetime),
          step(each_step),
          api_key(std::move(key)),
          tls(certs::make_client_context({config.ca_file, server_name}).release())
    {
    }

    net::awaitable<mint_result> ask(policy::grant_set grants, tcp::endpoint at, bool& reached);
    net::awaitable<mint_result> exchange(tls_stream& stream, policy::grant_set grants, bool& reached);

    net::io_context& control;
    std::string const server_name;
    std::string const version;
    seconds const lifetime;
    milliseconds const step;
    certs::secret const api_key;
    net::ssl::context tls;
    std::vector<tls_stream*> open; ///< for `stop`
    bool stopped = false;
};

namespace {

/// Enters a stream among those that `stop` closes, for as long as it lives.
class registration {
public:
    registration(std::vector<tls_stream*>& all, tls_stream& one) : all_(all), one_(&one)
    {
        all_.push_back(one_);
    }
    ~registration() { std::erase(all_, one_); }
    registration(registration const&) = delete;
    registration& operator=(registration const&) = delete;

private:
    std::vector<tls_stream*>& all_;
    tls_stream* one_;
};

} // namespace

/// `reached` is set once the upstream may have seen the request: another address would give the same answer.
net::awaitable<mint_result>
mint_client::state::exchange(tls_stream& stream, policy::grant_set grants, bool& reached)
{
    auto& tcp = beast::get_lowest_layer(stream);
    if (!certs::expect_server(stream.native_handle(), server_name))
        co_return failure("OpenSSL refuses the upstream's name");
    tcp.expires_after(step);
    if (auto [ec] = co_await stream.async_handshake(tls_stream::client, tuple); ec)
        co_return failure("TLS with the upstream", ec);

    reached = true;
    auto const request =
        request_text(host_field(server_name), version, api_key, request_body(grants, lifetime));
    auto const bytes = net::buffer(request.reveal());
    tcp.expires_after(step);
    if (auto [ec, n] = co_await net::async_write(stream, bytes, tuple); ec)
        co_return failure("writing to the upstream", ec);

    auto inbox = beast::flat_buffer(answer_bytes_max);
    auto parser = response_parser();
    parser.header_limit(head_bytes_max);
    parser.body_limit(answer_bytes_max);
    tcp.expires_after(step);
    if (auto [ec, n] = co_await http::async_read(stream, inbox, parser, tuple); ec)
        co_return failure("reading from the upstream", ec);
    co_return read_answer(parser.get());
}

/// No close_notify is awaited: the answer is framed, and there is no second one.
net::awaitable<mint_result> mint_client::state::ask(policy::grant_set grants, tcp::endpoint at, bool& reached)
{
    auto stream = tls_stream(control, tls);
    auto const registered = registration(open, stream);
    auto& tcp = beast::get_lowest_layer(stream);
    tcp.expires_after(step);
    if (auto [ec] = co_await tcp.async_connect(at, tuple); ec)
        co_return failure("connecting to the upstream", ec);
    co_return co_await exchange(stream, grants, reached);
}

mint_client::mint_client(
    net::io_context& control, upstream_config const& config, certs::secret api_key, milliseconds step)
    : state_(std::make_unique<state>(control, config, std::move(api_key), step))
{
}

mint_client::~mint_client() = default;

net::awaitable<mint_result>
mint_client::mint(policy::grant_set grants, std::shared_ptr<addresses const> where)
{
    auto result = failure("the upstream's address is not known");
    bool reached = false;
    auto const tried = std::min(where->size(), addresses_tried_max);
    for (std::size_t i = 0; i < tried && !reached && !state_->stopped; ++i) {
        auto attempt = co_await state_->ask(grants, (*where)[i], reached);
        result = std::move(attempt);
    }
    co_return result;
}

void mint_client::stop()
{
    state_->stopped = true;
    for (auto* stream : state_->open)
        beast::get_lowest_layer(*stream).close();
}

} // namespace gateway::upstream
