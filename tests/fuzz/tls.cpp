#include "certs/dev_ca.hpp"
#include "certs/tls_context.hpp"
#include "gateway/wire/tls_stream.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <openssl/err.h>
#include <openssl/ssl3.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sys/socket.h>
#include <unistd.h>

namespace fuzz {
namespace {

using namespace gateway::wire;

/// Both contexts, with certificates of an authority of their own.
struct contexts {
    std::filesystem::path directory = made_directory();
    certs::ticket_keys tickets{certs::system_random};
    certs::server_tls server{
        {{(directory / "localhost.pem").string(), (directory / "localhost.key").string()}}, tickets};
    certs::context_ptr client = certs::make_client_context({(directory / "ca.pem").string(), "localhost"});

    contexts() { std::filesystem::remove_all(directory); }

    static std::filesystem::path made_directory()
    {
        auto name = (std::filesystem::temp_directory_path() / "voicegate-fuzz-XXXXXX").string();
        promise(mkdtemp(name.data()) != nullptr, "there is a directory for certificates");
        certs::make_development_certificates(name, {}, std::chrono::system_clock::now());
        return name;
    }
};

/// Whatever was sent back is whole TLS records: never a byte in clear (RFC 8446 §5.1). OpenSSL tells who offers a
/// version that never was so with an alert in that version (§6, Appendix D.5 leave it free).
void check_records(std::string_view sent)
{
    while (!sent.empty()) {
        promise(sent.size() >= 5, "a record has its header");
        auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(sent[i]); };
        auto const size = std::size_t{5} + byte(3) * 256U + byte(4);
        auto const is_alert = byte(0) == SSL3_RT_ALERT && size == 7;
        promise(byte(0) >= 20 && byte(0) <= 23 && (byte(1) == 3 || is_alert), "what is sent is TLS");
        promise(size <= sent.size(), "a record is whole");
        sent.remove_prefix(size);
    }
}

std::string received(int descriptor)
{
    std::string out;
    std::array<char, 4096> window{};
    for (ssize_t got = 0; (got = recv(descriptor, window.data(), window.size(), MSG_DONTWAIT)) > 0;)
        out.append(window.data(), static_cast<std::size_t>(got));
    return out;
}

} // namespace

/// A peer sends these bytes and ends its stream: the handshake fails and leaves nothing behind.
void tls(std::string_view bytes)
{
    static contexts const with;
    if (bytes.empty() || bytes.size() > 64 * 1024) return;
    auto const side = (bytes[0] & 1) == 0 ? tls_side::server : tls_side::client;
    bytes.remove_prefix(1);

    std::array<int, 2> ends{};
    promise(
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0,
        "there are sockets");
    promise(
        write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
        "all bytes are sent");
    shutdown(ends[1], SHUT_WR);
    {
        readiness set;
        gateway::wake_queue queue;
        gateway::waker owner(queue);
        gateway::wire::socket under(set, ends[0], owner);
        tls_stream stream(under, side == tls_side::server ? with.server.context() : with.client.get(), side);
        if (side == tls_side::client)
            promise(certs::expect_server(stream.native(), "localhost"), "localhost is a name");
        auto state = progress::blocked;
        for (int i = 0; i < 20 && state == progress::blocked; ++i) {
            set.note_events({});
            state = stream.handshake();
        }
        promise(
            state == progress::failed || state == progress::closed, "a handshake that no key backs fails");
        promise(state == progress::closed || !stream.failure().empty(), "and says why");
        std::array<char, 256> window{};
        promise(stream.read(window).state != progress::moved, "nothing is read before a handshake");
        stream.close_notify();
        promise(ERR_peek_error() == 0, "no error stays behind for another connection");
    }
    check_records(received(ends[1]));
    close(ends[1]);
}

} // namespace fuzz
