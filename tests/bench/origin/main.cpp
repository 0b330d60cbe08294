/// The origin behind every proxy that is measured: TLS 1.3 on loopback, in one thread.
///
///   bench-origin --cert FILE --key FILE [--port N]
///
///   POST /tts/bytes?n=PIECES&m=BYTES&gap=MICROSECONDS   a chunked body (1 piece of 4096 bytes, no gap)
///   POST /tts/sse?n=EVENTS&m=BYTES&gap=MICROSECONDS     events, each with the time at which it left (50 of
///   300) /tts/websocket                                      an echo; to "push N BYTES", N binary messages
///
/// Writes "ready port=N" once it serves.
#include "tests/bench/origin/server.hpp"
#include "tests/bench/wire/fields.hpp"
#include "tests/bench/wire/socket.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <map>
#include <vector>

int main(int argc, char** argv)
{
    try {
        std::vector<std::string> const words(argv + 1, argv + argc);
        std::map<std::string, std::string> given{
            {"--port", "0"}
        };
        for (std::size_t i = 0; i + 1 < words.size(); i += 2)
            given[words[i]] = words[i + 1];
        std::signal(SIGPIPE, SIG_IGN); // NOLINT: nothing runs beside
        bench::raise_descriptor_limit();
        auto const port = static_cast<std::uint16_t>(bench::number(given["--port"]));
        bench::origin::server server(given["--cert"], given["--key"], port);
        std::cout << "ready port=" << server.port() << std::endl;
        server.run();
    } catch (std::exception const& e) {
        std::cerr << "bench-origin: " << e.what() << '\n';
        return 1;
    }
}
