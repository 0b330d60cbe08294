// Who speaks in clear, or an older tongue, where TLS is spoken: an API in place of its handshake, and
// clients.
#include "tests/end_to_end/support/stage.hpp"

#include <arpa/inet.h>
#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

/// A server without TLS: says the same to everyone, at once or when it has been spoken to, and keeps all that
/// it hears.
class clear_speaker {
public:
    clear_speaker(std::string words, bool waits)
        : words_(std::move(words)), waits_(waits), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        auto* const raw = reinterpret_cast<sockaddr*>(&at);
        auto const listens = bind(listener_, raw, size) == 0 && listen(listener_, 64) == 0 &&
                             getsockname(listener_, raw, &size) == 0;
        if (!listens) throw std::runtime_error("cannot listen");
        port_ = ntohs(at.sin_port);
        thread_ = std::jthread([this] { serve(); });
    }
    ~clear_speaker()
    {
        shutdown(listener_, SHUT_RDWR); // wakes accept
        thread_.join();
        ::close(listener_);
    }
    clear_speaker(clear_speaker const&) = delete;
    clear_speaker& operator=(clear_speaker const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string heard() const
    {
        std::scoped_lock const lock(guard_);
        return heard_;
    }

private:
    void serve()
    {
        for (;;) {
            auto const peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) return;
            if (waits_) hear(peer);
            (void)::send(peer, words_.data(), words_.size(), MSG_NOSIGNAL);
            while (hear(peer)) {
            }
            ::close(peer);
        }
    }
    bool hear(int peer)
    {
        std::array<char, 4096> room; // NOLINT: written before it is read
        timeval const patience{2, 0};
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        auto const got = recv(peer, room.data(), room.size(), 0);
        if (got <= 0) return false;
        std::scoped_lock const lock(guard_);
        heard_.append(room.data(), static_cast<std::size_t>(got));
        return true;
    }

    std::string const words_;
    bool const waits_;
    int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex guard_;
    std::string heard_;
    std::jthread thread_;
};

constexpr std::string_view answer_in_clear =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\ncanary";

/// A ClientHello of TLS 1.2 that offers DEFLATE (RFC 3749) before no compression.
std::string hello_with_compression()
{
    using namespace std::string_literals;
    auto const with_length = [](std::string const& of) {
        return std::string{static_cast<char>(of.size() >> 8U), static_cast<char>(of.size() & 0xffU)} + of;
    };
    auto const extension = [&](char kind, std::string const& of) { return "\0"s + kind + with_length(of); };
    auto const extensions = extension(10, with_length("\0\x17"s)) +   // P-256
                            extension(11, "\1\0"s) +                  // uncompressed points
                            extension(13, with_length("\4\3\4\1"s)) + // ECDSA and RSA with SHA-256
                            extension(23, ""s);                       // extended master secret
    auto const body = "\3\3"s + std::string(32, 'r') + "\0"s + with_length("\xc0\x2b\xc0\x2f"s) + "\2\1\0"s +
                      with_length(extensions);
    auto const message = "\1\0"s + with_length(body);
    return "\x16\3\1"s + with_length(message);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(cleartext, scene)

BOOST_DATA_TEST_CASE(
    an_api_that_speaks_in_clear_is_502_and_learns_no_credential, data::make({false, true}), waits)
{
    clear_speaker const impostor(std::string(answer_in_clear), waits);
    auto const url = R"("url": "https://localhost:)" + std::to_string(impostor.port()) + "\"";
    auto careful = at.another(R"({"upstream": {"credential": "api_key", )" + url + "}}");
    auto const got = ask(careful.port(), request("POST", "/tts/bytes", {cookie(careful.mint("tts"))}, "{}"));
    BOOST_TEST(got.status == 502U);
    BOOST_TEST((got.head + got.body).find("canary") == std::string::npos);
    auto const socket = ask(careful.port(), handshake("/tts/websocket", {cookie(careful.mint("tts"))}));
    BOOST_TEST(socket.status == 502U);

    auto minting = at.another(R"({"upstream": {)" + url + "}}");
    auto const unminted =
        ask(minting.port(), request("POST", "/tts/bytes", {cookie(minting.mint("tts"))}, "{}"));
    BOOST_TEST(unminted.status == 503U);

    auto const heard = impostor.heard();
    BOOST_TEST(heard.starts_with("\x16\x03"));
    for (auto const* secret : {"sk_car", "Bearer", "POST", "GET ", "HTTP"})
        BOOST_TEST(heard.find(secret) == std::string::npos, secret);
}

BOOST_AUTO_TEST_CASE(an_ssl_2_hello_begins_nothing)
{
    using namespace std::string_literals;
    // CLIENT-HELLO of version 2 (RFC 6101 appendix E), without and with an offer of 3.1
    for (auto const& version : {"\0\2"s, "\3\1"s}) {
        client_options raw;
        raw.tls = false;
        client one(gate.port(), raw);
        one.send("\x80\x1f\1"s + version + "\0\6\0\0\0\x10\1\0\x80\0\0\x2f"s + std::string(16, 'c'));
        one.receive_to_end();
        BOOST_TEST((one.how_ended() != ending::none));
        BOOST_TEST((one.inbox.empty() || one.inbox.starts_with("HTTP/1.1 4")));
        BOOST_TEST(one.inbox.find("\x16\3"s) == std::string::npos); // no ServerHello
    }
}

BOOST_AUTO_TEST_CASE(compression_is_offered_in_vain)
{
    client_options raw;
    raw.tls = false;
    client one(gate.port(), raw);
    one.send(hello_with_compression());
    constexpr std::size_t up_to_the_session_id = 5 + 4 + 2 + 32;
    deadline const until;
    auto const chosen_at = [&] { // behind the session id and the cipher suite
        return up_to_the_session_id + 1 + static_cast<unsigned char>(one.inbox[up_to_the_session_id]) + 2;
    };
    while (one.inbox.size() <= up_to_the_session_id || one.inbox.size() <= chosen_at())
        BOOST_TEST_REQUIRE(one.receive(until));
    BOOST_TEST_REQUIRE(one.inbox[0] == '\x16');
    BOOST_TEST_REQUIRE(one.inbox[5] == '\x02'); // ServerHello
    BOOST_TEST(one.inbox[chosen_at()] == '\0'); // no compression
}

BOOST_AUTO_TEST_SUITE_END()
