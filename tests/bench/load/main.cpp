/// The load generator: a closed loop of TLS clients against one proxy on loopback, in one thread.
///
///   bench-load --port N --work http|sse|echo|push|handshake|idle-https|idle-websocket [--connections N]
///     [--path PATH] [--cookie TOKEN] [--body-bytes N] [--message-bytes N] [--push-messages N] [--push-bytes
///     N]
///     [--resume yes] [--warm-up S] [--seconds S] [--operations-min N] [--stagger S] [--hold S]
///     [--watch NAME:PID,…]
///
/// Writes one line of JSON; with idle work, "ready" before it when all connections are open.
#include "tests/bench/load/generator.hpp"
#include "tests/bench/load/report.hpp"
#include "tests/bench/wire/socket.hpp"

#include <csignal>
#include <exception>
#include <iostream>

int main(int argc, char** argv)
{
    namespace load = bench::load;
    try {
        std::vector<std::string> const words(argv + 1, argv + argc);
        auto const given = load::read_options(words);
        std::signal(SIGPIPE, SIG_IGN); // NOLINT: nothing runs beside
        bench::raise_descriptor_limit();
        load::generator clients(given);
        if (load::is_idle(given.kind)) {
            auto const held = clients.run_idle([] { std::cout << "ready" << std::endl; });
            std::cout << load::report_idle(held, clients.counts()) << '\n';
        } else {
            auto const over = clients.run();
            std::cout << load::report(given, over, clients.counts()) << '\n';
        }
        return 0;
    } catch (std::exception const& e) {
        std::cerr << "bench-load: " << e.what() << '\n';
        return 1;
    }
}
