/// The relay as a program: `delay_relay --to PORT --round-trip-ms N [--listen PORT]`, all on 127.0.0.1. When
/// it is ready it prints one line, `delay_relay ready port=PORT`. SIGTERM and SIGINT end it with status 0.
#include "tests/bench/first_audio/relay.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

namespace net = boost::asio;

struct options {
    std::uint16_t listen = 0;
    std::uint16_t to = 0;
    std::chrono::milliseconds round_trip{-1};
};

std::uint16_t number(std::string_view flag, std::string_view text)
{
    std::uint16_t out = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size())
        throw std::invalid_argument(std::string(flag) + " takes a number up to 65535");
    return out;
}

options read_options(std::span<char* const> words)
{
    options out;
    for (std::size_t i = 0; i < words.size(); i += 2) {
        std::string_view const flag = words[i];
        if (i + 1 == words.size()) throw std::invalid_argument(std::string(flag) + " lacks its value");
        auto const value = number(flag, words[i + 1]);
        if (flag == "--listen")
            out.listen = value;
        else if (flag == "--to")
            out.to = value;
        else if (flag == "--round-trip-ms")
            out.round_trip = std::chrono::milliseconds(value);
        else
            throw std::invalid_argument("unknown flag: " + std::string(flag));
    }
    if (out.to == 0 || out.round_trip.count() < 0)
        throw std::invalid_argument("--to PORT and --round-trip-ms N are needed");
    return out;
}

void run(options const& given)
{
    net::io_context io{1};
    first_audio::relay::tcp::endpoint const target(net::ip::address_v4::loopback(), given.to);
    first_audio::relay link(io, given.listen, target, given.round_trip);
    net::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
    net::co_spawn(io, link.serve(), [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
    std::printf("delay_relay ready port=%u\n", unsigned{link.port()});
    std::fflush(stdout);
    io.run();
}

} // namespace

int main(int argc, char** argv)
{
    try {
        run(read_options(std::span<char* const>(argv, static_cast<std::size_t>(argc)).subspan(1)));
        return 0;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "delay_relay: %s\n", e.what());
        return 2;
    }
}
