#include "tests/simulator/connection.hpp"
#include "tests/simulator/control.hpp"
#include "tests/simulator/options.hpp"
#include "tests/simulator/wire.hpp"
#include "tests/simulator/world.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace {

using namespace simulator;

tcp::acceptor listen(net::io_context& io, unsigned short port)
{
    tcp::acceptor out{
        io, tcp::endpoint{net::ip::address_v4::loopback(), port}
    };
    return out;
}

net::ssl::context tls_context(options const& given)
{
    net::ssl::context tls{net::ssl::context::tls_server};
    tls.set_options(net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1);
    tls.use_certificate_chain_file(given.certificate_file);
    tls.use_private_key_file(given.key_file, net::ssl::context::pem);
    SSL_CTX_set_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    return tls;
}

net::awaitable<void> accept_clients(world& sim, tcp::acceptor& on, net::ssl::context& tls)
{
    while (!sim.stopping) {
        auto [ec, socket] = co_await on.async_accept(tuple);
        if (ec == net::error::operation_aborted) break;
        if (ec) continue;
        auto client = std::make_shared<wire>(std::move(socket), tls, ++sim.connections_seen);
        net::co_spawn(sim.on, serve_connection(sim, std::move(client)), report_throw);
    }
}

net::awaitable<void> accept_control(world& sim, tcp::acceptor& on)
{
    while (!sim.stopping) {
        auto [ec, socket] = co_await on.async_accept(tuple);
        if (ec == net::error::operation_aborted) break;
        if (ec) continue;
        net::co_spawn(sim.on, serve_control(sim, std::move(socket)), report_throw);
    }
}

int run(options given)
{
    net::io_context io{1};
    auto tls = tls_context(given);
    auto https = listen(io, given.port);
    auto control = listen(io, given.control_port);
    world sim{io.get_executor(), std::move(given)};

    net::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](error_code ec, int) {
        if (ec) return;
        https.close(ec);
        control.close(ec);
        sim.stop();
        io.stop();
    });
    net::co_spawn(io, accept_clients(sim, https, tls), report_throw);
    net::co_spawn(io, accept_control(sim, control), report_throw);
    std::printf(
        "cartesia-sim ready https=%u control=%u\n",
        unsigned{https.local_endpoint().port()},
        unsigned{control.local_endpoint().port()});
    std::fflush(stdout);
    io.run();
    // The coroutines refer to what is about to be destroyed, so each must come to its end first. Dropped
    // connections end theirs within a turn or two; a tester's idle control connection does not.
    io.restart();
    io.run_for(std::chrono::milliseconds{200});
    if (!io.stopped()) std::_Exit(0);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string_view> const words(argv + 1, argv + argc);
    if (words.size() == 1 && words.front() == "--help") {
        std::fputs(std::string{usage()}.c_str(), stdout);
        return 0;
    }
    try {
        std::signal(SIGPIPE, SIG_IGN);
        return run(read_options(words));
    } catch (std::exception const& e) {
        std::fprintf(stderr, "cartesia-sim: %s\n", e.what());
        return 2;
    }
}
