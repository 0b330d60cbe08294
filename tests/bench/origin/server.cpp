#include "tests/bench/origin/server.hpp"

#include "tests/bench/wire/socket.hpp"

namespace bench::origin {

server::server(std::string const& chain_file, std::string const& key_file, std::uint16_t port)
    : tls_(make_server_context(chain_file, key_file)), listener_(listen_on(port))
{
    sockets_.set(EPOLL_CTL_ADD, listener_.get(), EPOLLIN, nullptr);
}

std::uint16_t server::port() const { return port_of(listener_); }

void server::run()
{
    for (;;) {
        for (auto const& event : sockets_.wait(later_.time_left(clock::now()))) {
            auto* const client = static_cast<connection*>(event.data.ptr);
            if (client == nullptr)
                accept_clients();
            else if (!client->ready(event.events))
                clients_.erase(client);
        }
        serve_due();
    }
}

void server::accept_clients()
{
    constexpr int in_one_turn = 64;
    for (int i = 0; i < in_one_turn; ++i) {
        auto socket = accept_from(listener_);
        if (socket.get() < 0) return;
        auto const client = std::make_shared<connection>(tls_.get(), std::move(socket), sockets_, later_);
        clients_.emplace(client.get(), client);
    }
}

void server::serve_due()
{
    auto const now = clock::now();
    while (auto const waiting = later_.take_due(now)) {
        auto const client = waiting->lock();
        if (client && !client->due()) clients_.erase(client.get());
    }
}

} // namespace bench::origin
