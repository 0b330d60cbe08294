#include "tests/end_to_end/support/backend.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace e2e {

namespace {

void send_all(int to, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return; // who does not want it need not have it
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void reset(int connection)
{
    linger const at_once{1, 0};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(connection);
}

/// Up to its empty line; empty when the client leaves before.
std::string read_request(int from)
{
    std::string out;
    std::array<char, 4096> piece{};
    while (out.find("\r\n\r\n") == std::string::npos) {
        if (!await_event(from, POLLIN, deadline{})) return {};
        auto const got = recv(from, piece.data(), piece.size(), 0);
        if (got <= 0) return {};
        out.append(piece.data(), static_cast<std::size_t>(got));
    }
    return out;
}

} // namespace

backend::backend() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), bell_(eventfd(0, EFD_CLOEXEC))
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (bind(listener_, address, size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, address, &size) != 0)
        throw std::runtime_error("no listener for the app's server");
    port_ = ntohs(at.sin_port);
    thread_ = std::jthread([this] { run(); });
}

backend::~backend()
{
    go_away();
    close_all();
    close(bell_);
}

void backend::go_away()
{
    if (!thread_.joinable()) return;
    eventfd_write(bell_, 1);
    thread_.join();
    close(listener_);
}

void backend::run()
{
    for (;;) {
        std::array<pollfd, 2> sources{
            {{listener_, POLLIN, 0}, {bell_, POLLIN, 0}}
        };
        poll(sources.data(), sources.size(), -1);
        if (sources[1].revents != 0) return;
        auto const connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection >= 0) serve(connection);
    }
}

void backend::serve(int connection)
{
    auto request = read_request(connection);
    std::unique_lock lock(guard_);
    if (request.empty()) {
        close(connection);
        return;
    }
    requests_.push_back(std::move(request));
    auto const what = what_;
    if (what == then::hold) {
        held_.push_back(connection);
        return;
    }
    auto const answer = answer_;
    if (what == then::stay) kept_.push_back(connection);
    lock.unlock();
    send_all(connection, answer);
    if (what == then::close) close(connection);
    if (what == then::reset) reset(connection);
}

void backend::answers(std::string bytes, then what)
{
    std::scoped_lock const lock(guard_);
    answer_ = std::move(bytes);
    what_ = what;
}

void backend::says(unsigned status, std::string_view json) { answers(whole_answer(status, json)); }

void backend::release()
{
    await("something held by the app's server", [this] {
        std::scoped_lock const lock(guard_);
        return !held_.empty();
    });
    std::scoped_lock const lock(guard_);
    for (auto const connection : std::exchange(held_, {})) {
        send_all(connection, answer_);
        close(connection);
    }
}

void backend::close_all()
{
    for (auto const* all : {&held_, &kept_})
        for (auto const connection : *all)
            close(connection);
}

std::vector<std::string> backend::requests() const
{
    std::scoped_lock const lock(guard_);
    return requests_;
}

std::string whole_answer(unsigned status, std::string_view body, std::string_view more)
{
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n" +
           std::string(more) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

} // namespace e2e
