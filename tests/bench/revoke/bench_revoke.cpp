/// Measures how long a revocation takes to end the streams that it concerns. README.md tells what is
/// measured.
///
///     bench_revoke -- [--sockets N] [--times N]
#include "tests/end_to_end/support/crowd.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <span>
#include <thread>

using namespace e2e;

namespace {

using steady = std::chrono::steady_clock;
using times = std::vector<steady::duration>;

constexpr std::string_view target = "/tts/websocket?cartesia_version=2026-03-01";

/// The number behind `flag` on the command line.
std::size_t asked(std::string_view flag, std::size_t otherwise)
{
    auto const& words = boost::unit_test::framework::master_test_suite();
    for (auto i = 1; i + 1 < words.argc; ++i)
        if (words.argv[i] == flag) return std::stoul(words.argv[i + 1]);
    return otherwise;
}

void print(char const* what, times all)
{
    std::ranges::sort(all);
    auto const ms = [](steady::duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
    std::printf(
        "%-20s median %7.2f ms, %7.2f to %7.2f, %zu times\n",
        what,
        ms(all[all.size() / 2]),
        ms(all.front()),
        ms(all.back()),
        all.size());
}

/// Somebody who asks the gateway the same again and again on a thread of its own, and how long the longest
/// answer took. The upstream, which is busy with Closes itself, has no part in it.
class onlooker {
public:
    onlooker(std::uint16_t port, std::string_view token)
        : connection_(port),
          question_(request("GET", "/session", {cookie(token)})),
          runner_([this] { ask_on(); })
    {
    }
    onlooker(onlooker const&) = delete;
    onlooker& operator=(onlooker const&) = delete;
    ~onlooker() { stop(); }

    [[nodiscard]] steady::duration longest()
    {
        stop();
        return longest_;
    }

private:
    void stop()
    {
        over_ = true;
        if (runner_.joinable()) runner_.join();
    }
    void ask_on()
    {
        while (!over_) {
            auto const start = steady::now();
            connection_.send(question_);
            (void)read_answer(connection_);
            longest_ = std::max(longest_, steady::now() - start);
        }
    }

    client connection_;
    std::string question_;
    std::atomic<bool> over_ = false;
    steady::duration longest_{};
    std::thread runner_;
};

struct crowd_scene : scene {
    crowd_scene() { upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])"); }

    [[nodiscard]] steady::duration
    time_to_last_close(std::string const& subject, std::span<client> sockets) const
    {
        auto const start = steady::now();
        BOOST_TEST(gate.revoke(R"({"sub":")" + subject + "\"}").status == 200U);
        for (auto& one : sockets)
            BOOST_TEST(read_close(one).close_code() == 1008U);
        return steady::now() - start;
    }

    std::size_t const sockets_wanted = asked("--sockets", 1'000);
    std::size_t const times_wanted = asked("--times", 7);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(revoking, crowd_scene)

BOOST_AUTO_TEST_CASE(one_of_many)
{
    auto sockets = open_many(gate, target, mint_many(gate, sockets_wanted, "one-of-many-"));
    times all;
    for (std::size_t i = 0; i < times_wanted; ++i) {
        auto const whose = i * sockets.size() / times_wanted;
        all.push_back(
            time_to_last_close("one-of-many-" + std::to_string(whose), std::span(sockets).subspan(whose, 1)));
    }
    print("one of many", std::move(all));
}

BOOST_AUTO_TEST_CASE(one_with_many)
{
    times all;
    times answers;
    for (std::size_t i = 0; i < times_wanted; ++i) {
        auto const subject = "one-with-many-" + std::to_string(i);
        auto const its = gate.mint("tts", seconds{600}, subject);
        auto sockets = open_many(gate, target, std::vector<std::string>(sockets_wanted, its));
        onlooker other(gate.port(), token);
        all.push_back(time_to_last_close(subject, sockets));
        answers.push_back(other.longest());
    }
    print("one with many", std::move(all));
    print("an onlooker's answer", std::move(answers));
}

BOOST_AUTO_TEST_SUITE_END()
