#include "gateway/base/config_values.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/load.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace gateway::cli {

namespace {

constexpr timeval patience{5, 0};

struct blocking_socket {
    int number;
    explicit blocking_socket(int family) : number(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    ~blocking_socket()
    {
        if (number >= 0) close(number);
    }
    blocking_socket(blocking_socket const&) = delete;
    blocking_socket& operator=(blocking_socket const&) = delete;
};

[[noreturn]] void refuse(endpoint const& where)
{
    auto const* why = std::strerror(errno); // NOLINT(concurrency-mt-unsafe)
    throw std::runtime_error(
        "no answer from " + where.host + " port " + std::to_string(where.port) + ": " + why);
}

endpoint admin_address(arguments const& given)
{
    if (given.has("--config") && given.has("--admin"))
        throw usage_error("give --config or --admin, not both");
    if (auto const text = given.get("--admin")) {
        try {
            return read_endpoint(*text, "--admin");
        } catch (config_error const& flaw) {
            throw usage_error(flaw.what());
        }
    }
    auto const listen = given.has("--config") ? load_config(*given.get("--config")).listen : listen_config{};
    if (!listen.admin) throw config_error("listen.admin", "is null: this gateway cannot be asked");
    return *listen.admin;
}

void connect_to(endpoint const& where, blocking_socket const& to, addrinfo const& address)
{
    setsockopt(to.number, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(to.number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); // bounds connect too
    if (to.number < 0 || connect(to.number, address.ai_addr, address.ai_addrlen) != 0) refuse(where);
}

/// The start of the answer to GET `path`.
std::string ask(endpoint const& where, std::string_view path)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found) != 0)
        refuse(where);
    auto const address = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>(found, &freeaddrinfo);
    auto const to = blocking_socket(address->ai_family);
    connect_to(where, to, *address);

    auto const request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n";
    if (send(to.number, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        refuse(where);
    std::array<char, 4096> room{};
    std::size_t filled = 0;
    while (filled < room.size()) {
        auto const got = recv(to.number, room.data() + filled, room.size() - filled, 0);
        if (got < 0) refuse(where);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    return {room.data(), filled};
}

} // namespace

int health(arguments const& given, surroundings const& with)
{
    auto const only_alive = given.has("--alive");
    auto const answer = ask(admin_address(given), only_alive ? "/healthz" : "/readyz");
    auto const ready = answer.starts_with("HTTP/1.1 200");
    auto const end_of_head = answer.find("\r\n\r\n");
    auto const body = end_of_head == std::string::npos ? std::string() : answer.substr(end_of_head + 4);
    (ready ? with.out : with.err) << (ready ? "" : "not ") << (only_alive ? "alive" : "ready")
                                  << (body.empty() || ready ? "" : ": " + body) << '\n';
    return ready ? exit_ok : exit_failed;
}

} // namespace gateway::cli
