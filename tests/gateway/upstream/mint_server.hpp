#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace test {

/// A request as it came: field names in lower case.
struct seen_request {
    std::string method;
    std::string target;
    std::map<std::string, std::string> fields;
    std::string body;
};

/// The upstream as the credential keeper sees it: TLS on an ephemeral port of 127.0.0.1, one request for each
/// connection. Runs on the test's own `io_context`.
class mint_server {
public:
    /// `certificates`: what `make_development_certificates` made.
    mint_server(boost::asio::io_context& io, std::filesystem::path const& certificates);
    ~mint_server();

    [[nodiscard]] boost::asio::ip::tcp::endpoint where() const;
    void close(); ///< takes no more connections

    /// Gives the bytes of the answer; empty: it keeps silent until the client goes away.
    std::function<std::string(seen_request const&)> answer;
    std::vector<seen_request> requests;
    std::size_t handshakes_failed = 0;
    std::size_t client_bytes = 0; ///< decrypted

private:
    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket client);

    boost::asio::ssl::context tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

/// An HTTP answer with a body.
[[nodiscard]] std::string http_answer(unsigned status, std::string const& body);

} // namespace test
