/// Measures one way to the first sound, again and again, and prints the microseconds of each time on a line.
///
///     first_audio --port N --ca FILE --via direct|gateway --call bytes|sse|websocket
///                 --from cold|preflight|warm [--times N] [--pause-ms N] [--prime]
///
/// The token is read from the environment: FIRST_AUDIO_TOKEN.
#include "tests/bench/first_audio/calls.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <stdexcept>
#include <thread>

namespace {

using namespace first_audio;

/// Where the clock starts: before the connection is made, the same with a CORS preflight on it, or on an open
/// connection (an open WebSocket) that has spoken before.
enum class from : std::uint8_t { cold, preflight, warm };

struct options {
    destination to;
    call what = call::bytes;
    from start = from::cold;
    int times = 1;
    std::chrono::milliseconds pause{0}; ///< before each time: pages do not come back to back
    bool prime = false; ///< before each time a request on a connection of its own, which leaves a warm way up
};

std::optional<from> read_from(std::string_view name)
{
    if (name == "cold") return from::cold;
    if (name == "preflight") return from::preflight;
    if (name == "warm") return from::warm;
    return {};
}

template <class Value>
Value known(std::optional<Value> const& value, std::string_view flag)
{
    if (!value) throw std::invalid_argument(std::string(flag) + " knows no such value");
    return *value;
}

void take(options& into, std::string_view flag, std::string const& value)
{
    if (flag == "--port")
        into.to.port = static_cast<std::uint16_t>(std::stoul(value));
    else if (flag == "--ca")
        into.to.ca_file = value;
    else if (flag == "--via")
        into.to.how = known(read_via(value), flag);
    else if (flag == "--call")
        into.what = known(read_call(value), flag);
    else if (flag == "--from")
        into.start = known(read_from(value), flag);
    else if (flag == "--times")
        into.times = std::stoi(value);
    else if (flag == "--pause-ms")
        into.pause = std::chrono::milliseconds(std::stoul(value));
    else
        throw std::invalid_argument("unknown flag: " + std::string(flag));
}

options read_options(std::span<char* const> words)
{
    options out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string_view const flag = words[i];
        if (flag == "--prime") {
            out.prime = true;
            continue;
        }
        if (++i == words.size()) throw std::invalid_argument(std::string(flag) + " lacks its value");
        take(out, flag, words[i]);
    }
    auto const* const token = std::getenv("FIRST_AUDIO_TOKEN");
    if (!token || out.to.port == 0 || out.to.ca_file.empty())
        throw std::invalid_argument("--port, --ca and FIRST_AUDIO_TOKEN are needed");
    out.to.token = token;
    return out;
}

steady::duration cold(options const& given)
{
    auto const start = steady::now();
    auto page = open(given.to, given.what);
    if (given.start == from::preflight) preflight(page, given.what);
    return speak(page, given.to, given.what) - start;
}

steady::duration warm(options const& given, e2e::client& page)
{
    auto const start = steady::now();
    return speak(page, given.to, given.what) - start;
}

void prime(destination const& to)
{
    auto other = open(to, call::bytes);
    (void)speak(other, to, call::bytes);
}

void measure(options const& given)
{
    std::optional<e2e::client> page;
    if (given.start == from::warm) {
        page.emplace(open(given.to, given.what));
        (void)speak(*page, given.to, given.what);
    }
    for (int i = 0; i < given.times; ++i) {
        if (given.prime) prime(given.to);
        std::this_thread::sleep_for(given.pause);
        auto const took = page ? warm(given, *page) : cold(given);
        std::printf("%ld\n", std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    }
}

} // namespace

int main(int argc, char** argv)
{
    try {
        measure(read_options(std::span<char* const>(argv, static_cast<std::size_t>(argc)).subspan(1)));
        return 0;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "first_audio: %s\n", e.what());
        return 1;
    }
}
