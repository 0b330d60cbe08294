#include "gateway/watch/admin.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/socket.h>
#include <sys/time.h>

#include <atomic>
#include <thread>
#include <vector>

namespace net = boost::asio;
using net::ip::tcp;

namespace {

/// The admin listener on a thread of its own, as in the gateway; the test is a client that blocks, for 10 s
/// at most.
struct served {
    served() : runner([this] { io.run(); }) {}
    ~served()
    {
        net::post(io, [this] { admin.stop(); });
        guard.reset();
    }
    served(served const&) = delete;
    served& operator=(served const&) = delete;

    [[nodiscard]] tcp::socket connect() const
    {
        auto client = tcp::socket(clients);
        client.connect({net::ip::address_v4::loopback(), admin.port()});
        auto const most = ::timeval{10, 0};
        BOOST_REQUIRE(::setsockopt(client.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) == 0);
        return client;
    }

    /// All that comes until the other side closes. A reset counts as such: what was sent was not read.
    [[nodiscard]] static std::string read_all(tcp::socket& client)
    {
        std::string all;
        boost::system::error_code ec;
        net::read(client, net::dynamic_buffer(all), ec);
        BOOST_TEST((ec == net::error::eof || ec == net::error::connection_reset), ec.message());
        return all;
    }

    [[nodiscard]] std::string ask(std::string const& request) const
    {
        auto client = connect();
        net::write(client, net::buffer(request));
        return read_all(client);
    }

    [[nodiscard]] std::string get(std::string const& target) const
    {
        return ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    [[nodiscard]] gateway::watch::admin_sources sources() const
    {
        auto made = gateway::watch::admin_sources{};
        made.why_not_ready = [this] { return std::string(ready ? "" : "draining"); };
        made.metrics = [] { return std::string("voicegate_x 1\n"); };
        made.revoke = [this](gateway::watch::admin_request const& asked) {
            ++revocations;
            if (asked.client != "127.0.0.1" || asked.body.find("jti") == std::string::npos)
                return gateway::watch::admin_answer{400, "wrong\n"};
            return gateway::watch::admin_answer{200, "{}\n"};
        };
        made.reload = [this](gateway::watch::admin_request const&) {
            ++reloads;
            return ready ? gateway::watch::admin_answer{200, "{}\n"}
                         : gateway::watch::admin_answer{422, "threads: must be a number\n"};
        };
        made.drain = [this](gateway::watch::admin_request const&) {
            ++drains;
            return gateway::watch::admin_answer{200, "{}\n"};
        };
        return made;
    }

    [[nodiscard]] std::string revoke(
        std::string const& fields,
        std::string const& body = R"({"jti":"a"})",
        std::string const& host = "localhost") const
    {
        return ask(
            "POST /revoke HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n" + fields + "\r\n" + body);
    }

    std::atomic<bool> ready = true;
    mutable std::atomic<int> revocations = 0;
    mutable std::atomic<int> drains = 0;
    mutable std::atomic<int> reloads = 0;
    net::io_context io{1};
    mutable net::io_context clients;
    net::executor_work_guard<net::io_context::executor_type> guard{io.get_executor()};
    gateway::watch::admin admin{
        io, {"127.0.0.1", 0},
         sources()
    };
    std::jthread runner;
};

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(admin, served)

BOOST_AUTO_TEST_CASE(health_is_told)
{
    auto const got = get("/healthz");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(has(got, "Connection: close\r\n"));
    BOOST_TEST(got.ends_with("\r\n\r\nok\n"));
}

BOOST_AUTO_TEST_CASE(readiness_follows_the_gateway)
{
    BOOST_TEST(get("/readyz").starts_with("HTTP/1.1 200 "));
    ready = false;
    auto const got = get("/readyz");
    BOOST_TEST(got.starts_with("HTTP/1.1 503 "));
    BOOST_TEST(got.ends_with("\r\n\r\ndraining\n"));
    BOOST_TEST(get("/healthz").starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(metrics_have_their_type)
{
    auto const got = get("/metrics?name=x");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 "));
    BOOST_TEST(has(got, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    BOOST_TEST(got.ends_with("\r\n\r\nvoicegate_x 1\n"));
}

BOOST_AUTO_TEST_CASE(everything_else_is_not_found)
{
    for (auto const* target : {"/", "/healthz/", "/metrics/x", "//healthz", "/HEALTHZ"})
        BOOST_TEST(get(target).starts_with("HTTP/1.1 404 "), target);
    BOOST_TEST(
        ask("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").starts_with("HTTP/1.1 404 "));
}

BOOST_AUTO_TEST_CASE(a_revocation_is_handed_on_and_answered)
{
    auto const got = revoke("Content-Type: application/json\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 "));
    BOOST_TEST(has(got, "Content-Type: application/json\r\n"));
    BOOST_TEST(got.ends_with("\r\n\r\n{}\n"));
    BOOST_TEST(revoke("content-type: Application/JSON ; charset=utf-8\r\n").starts_with("HTTP/1.1 200 "));
    for (auto const* host : {"127.0.0.1:9100", "[::1]:9100", "[::1]", "127.3.2.1", "LOCALHOST:1"})
        BOOST_TEST(
            revoke("Content-Type: application/json\r\n", R"({"jti":"a"})", host).starts_with("HTTP/1.1 200 "),
            host);
    auto const wrong = revoke("Content-Type: application/json\r\n", "{}");
    BOOST_TEST(wrong.starts_with("HTTP/1.1 400 "));
    BOOST_TEST(wrong.ends_with("\r\n\r\nwrong\n"));
}

BOOST_AUTO_TEST_CASE(a_page_in_a_browser_revokes_nothing)
{
    BOOST_TEST(revoke("").starts_with("HTTP/1.1 415 "));
    for (auto const* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""})
        BOOST_TEST(revoke("Content-Type: " + std::string(type) + "\r\n").starts_with("HTTP/1.1 415 "), type);
    auto const json = std::string("Content-Type: application/json\r\n");
    for (auto const* field :
         {"Origin: https://evil.example", "Origin: null", "Origin:", "Sec-Fetch-Site: same-origin"})
        BOOST_TEST(revoke(json + field + "\r\n").starts_with("HTTP/1.1 403 "), field);
    for (auto const* host : {"evil.example", "localhost.evil.example:9100", "192.0.2.1", "[::2]:9100"})
        BOOST_TEST(revoke(json, R"({"jti":"a"})", host).starts_with("HTTP/1.1 403 "), host);
    BOOST_TEST(ask("OPTIONS /revoke HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 405 "));
    BOOST_TEST(revocations == 0);
}

BOOST_AUTO_TEST_CASE(drain_is_guarded_as_revoke_is)
{
    auto const drain = [this](std::string const& fields) {
        return ask("POST /drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n" + fields + "\r\n{}");
    };
    BOOST_TEST(get("/drain").starts_with("HTTP/1.1 405 "));
    BOOST_TEST(drain("").starts_with("HTTP/1.1 415 "));
    BOOST_TEST(drain("Content-Type: application/json\r\nOrigin: null\r\n").starts_with("HTTP/1.1 403 "));
    BOOST_TEST(drains == 0);
    BOOST_TEST(drain("Content-Type: application/json\r\n").starts_with("HTTP/1.1 200 "));
    BOOST_TEST(drains == 1);
    BOOST_TEST(revocations == 0);
}

BOOST_AUTO_TEST_CASE(whoever_reloads_hears_what_came_of_it)
{
    std::string const asked = "POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n";
    std::string const json = "Content-Type: application/json\r\n";
    auto const done = ask(asked + json + "\r\n");
    BOOST_TEST(done.starts_with("HTTP/1.1 200 "));
    BOOST_TEST(has(done, "Content-Type: application/json\r\n"));
    ready = false;
    auto const refused = ask(asked + json + "\r\n");
    BOOST_TEST(refused.starts_with("HTTP/1.1 422 "));
    BOOST_TEST(refused.ends_with("\r\n\r\nthreads: must be a number\n"));
    BOOST_TEST(reloads == 2);

    BOOST_TEST(ask(asked + "\r\n").starts_with("HTTP/1.1 415 "));
    BOOST_TEST(ask(asked + json + "Origin: http://localhost\r\n\r\n").starts_with("HTTP/1.1 403 "));
    BOOST_TEST(get("/reload").starts_with("HTTP/1.1 405 "));
    BOOST_TEST(reloads == 2);
}

BOOST_AUTO_TEST_CASE(revoke_takes_post_and_a_small_body)
{
    auto const got = get("/revoke");
    BOOST_TEST(got.starts_with("HTTP/1.1 405 "));
    BOOST_TEST(has(got, "Allow: POST\r\n"));
    auto const json = std::string("Content-Type: application/json\r\n");
    BOOST_TEST(revoke(json, std::string(4096, 'x')).starts_with("HTTP/1.1 400 "));
    BOOST_TEST(revoke(json, std::string(4097, 'x')).starts_with("HTTP/1.1 413 "));
    BOOST_TEST(ask("POST /revoke HTTP/1.1\r\nHost: localhost\r\n" + json +
                   "Transfer-Encoding: chunked\r\n\r\n1100\r\n" + std::string(0x1100, 'x') + "\r\n0\r\n\r\n")
                   .starts_with("HTTP/1.1 413 "));
    BOOST_TEST(
        ask("POST /revoke HTTP/1.1\r\nHost: localhost\r\n" + json +
            "Transfer-Encoding: chunked\r\n\r\n9;x=\"y\"\r\n{\"jti\":\"a\r\n2\r\n\"}\r\n0\r\nX: y\r\n\r\n")
            .starts_with("HTTP/1.1 200 "));
    BOOST_TEST(revocations == 2);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_or_too_large_is_closed)
{
    BOOST_TEST(ask("\x16\x03\x01 no HTTP\r\n\r\n") == "");
    BOOST_TEST(ask("GET /healthz HTTP/1.1\r\n\r\n") == ""); // without Host
    BOOST_TEST(revoke("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n") == "");
    BOOST_TEST(
        ask("POST /revoke HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n") == "");
    BOOST_TEST(revocations == 0);
    BOOST_TEST(ask("GET /healthz HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n") == "");
    BOOST_TEST(get("/healthz").starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(more_connections_than_may_be_are_closed_and_room_comes_back)
{
    auto idle = std::vector<tcp::socket>();
    for (int i = 0; i < 16; ++i)
        idle.push_back(connect());
    auto one_more = connect();
    BOOST_TEST(read_all(one_more) == "");
    net::write(idle[0], net::buffer(std::string("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    BOOST_TEST(read_all(idle[0]).starts_with("HTTP/1.1 200 "));
    // The place is free a moment after the answer; the deadline of the silent ones is later than that.
    bool served_again = false;
    for (int i = 0; i < 1000 && !served_again; ++i) {
        auto client = connect();
        boost::system::error_code ignored;
        net::write(
            client, net::buffer(std::string("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")), ignored);
        served_again = read_all(client).starts_with("HTTP/1.1 200 ");
    }
    BOOST_TEST(served_again);
}

BOOST_AUTO_TEST_CASE(an_address_in_use_is_an_error)
{
    auto const bind_again = [this] { gateway::watch::admin(io, {"127.0.0.1", admin.port()}, {}); };
    BOOST_CHECK_THROW(bind_again(), boost::system::system_error);
}

BOOST_AUTO_TEST_SUITE_END()
