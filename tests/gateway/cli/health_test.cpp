#include "tests/gateway/cli/shell.hpp"

#include <arpa/inet.h>
#include <array>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using tests::shell;

namespace {

/// Answers one request on the loopback with `reply`.
class one_answer {
public:
    explicit one_answer(std::string reply) : listener_(socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* address = reinterpret_cast<sockaddr*>(&here);
        socklen_t size = sizeof here;
        BOOST_REQUIRE(bind(listener_, address, size) == 0);
        BOOST_REQUIRE(listen(listener_, 1) == 0);
        BOOST_REQUIRE(getsockname(listener_, address, &size) == 0);
        port = ntohs(here.sin_port);
        thread_ = std::jthread([this, text = std::move(reply)] {
            auto const client = accept(listener_, nullptr, nullptr);
            std::array<char, 1024> room{};
            auto const got = recv(client, room.data(), room.size(), 0);
            request.assign(room.data(), static_cast<std::size_t>(got > 0 ? got : 0));
            (void)send(client, text.data(), text.size(), MSG_NOSIGNAL);
            close(client);
        });
    }
    ~one_answer() { finish(); }
    one_answer(one_answer const&) = delete;
    one_answer& operator=(one_answer const&) = delete;

    void finish()
    {
        if (thread_.joinable()) thread_.join();
        if (listener_ >= 0) close(std::exchange(listener_, -1));
    }

    unsigned port = 0;
    std::string request;

private:
    int listener_;
    std::jthread thread_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(health)

BOOST_AUTO_TEST_CASE(a_ready_gateway_exits_0)
{
    shell s;
    one_answer admin("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n");
    auto const got = s.run({"health", "--admin", "127.0.0.1:" + std::to_string(admin.port)});
    BOOST_TEST(got.code == 0);
    BOOST_TEST(got.out == "ready\n");
    admin.finish();
    BOOST_TEST(admin.request.starts_with("GET /readyz HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(one_that_is_not_ready_exits_1_and_says_why)
{
    shell s;
    one_answer admin("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 8\r\n\r\ndraining");
    auto const file = s.set_up(",\"listen\":{\"admin\":\"127.0.0.1:" + std::to_string(admin.port) + "\"}");
    auto const got = s.run({"health", "--config", file});
    BOOST_TEST(got.code == 1);
    BOOST_TEST(got.err == "not ready: draining\n");
}

BOOST_AUTO_TEST_CASE(being_alive_is_asked_for_by_itself)
{
    shell s;
    one_answer admin("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n");
    auto const got = s.run({"health", "--alive", "--admin", "127.0.0.1:" + std::to_string(admin.port)});
    BOOST_TEST(got.code == 0);
    BOOST_TEST(got.out == "alive\n");
    admin.finish();
    BOOST_TEST(admin.request.starts_with("GET /healthz HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(no_gateway_exits_1)
{
    shell s;
    unsigned port = 0;
    {
        one_answer gone("");
        port = gone.port;
        (void)s.run({"health", "--admin", "127.0.0.1:" + std::to_string(port)});
    }
    BOOST_TEST(s.run({"health", "--admin", "127.0.0.1:" + std::to_string(port)}).code == 1);
}

BOOST_AUTO_TEST_CASE(wrong_addresses_are_refused)
{
    shell s;
    BOOST_TEST(s.run({"health", "--admin", "localhost"}).code == 2);
    auto const file = s.set_up(R"(,"listen":{"admin":null})");
    BOOST_TEST(s.run({"health", "--config", file}).code == 78);
    BOOST_TEST(s.run({"health", "--config", file, "--admin", "127.0.0.1:1"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
