#include "gateway/watch/access_log.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

namespace fs = std::filesystem;
using gateway::watch::access_log;
using gateway::watch::process_metrics;

namespace {

struct scratch {
    scratch()
    {
        auto name = (fs::temp_directory_path() / "voicegate-log-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        directory = name;
    }
    ~scratch() { fs::remove_all(directory); }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;

    [[nodiscard]] std::string path(char const* name) const { return directory / name; }

    fs::path directory;
};

std::string content(std::string const& path)
{
    auto file = std::ifstream(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class Condition>
void await(Condition met)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!met()) {
        BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
        std::this_thread::yield();
    }
}

/// A FIFO whose reading end the test holds. Nobody reads until the test does.
struct fifo : scratch {
    fifo() : name(path("log"))
    {
        BOOST_REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
        reader = ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        BOOST_REQUIRE(reader >= 0);
    }
    ~fifo() { hang_up(); }

    void hang_up()
    {
        if (reader >= 0) ::close(reader);
        reader = -1;
    }

    /// Waits for bytes and takes what is there; "" at the end.
    [[nodiscard]] std::string read() const
    {
        ::pollfd want{reader, POLLIN, 0};
        BOOST_REQUIRE(::poll(&want, 1, 10'000) == 1);
        char bytes[65536];
        auto const n = ::read(reader, bytes, sizeof bytes);
        return n > 0 ? std::string(bytes, static_cast<std::size_t>(n)) : std::string();
    }

    [[nodiscard]] std::string read_to(std::size_t size) const
    {
        std::string all;
        while (all.size() < size)
            all += read();
        return all;
    }

    std::string name;
    int reader = -1;
};

} // namespace

BOOST_AUTO_TEST_SUITE(access_log_writer)

BOOST_FIXTURE_TEST_CASE(closing_writes_what_is_queued, scratch)
{
    process_metrics metrics;
    {
        auto log = access_log(path("log"), 1 << 20, metrics);
        BOOST_TEST(log.on());
        log.write("one\ntwo\n", 2);
        log.write("three\n", 1);
    }
    BOOST_TEST(content(path("log")) == "one\ntwo\nthree\n");
    BOOST_TEST(metrics.log_lines_dropped.get() == 0U);
    auto const others = fs::status(path("log")).permissions() & fs::perms::others_all;
    BOOST_TEST((others == fs::perms::none));
}

BOOST_FIXTURE_TEST_CASE(a_file_is_appended_to, scratch)
{
    process_metrics metrics;
    for (auto const* text : {"one\n", "two\n"})
        access_log(path("log"), 1 << 20, metrics).write(text, 1);
    BOOST_TEST(content(path("log")) == "one\ntwo\n");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_cannot_be_opened_is_named, scratch)
{
    process_metrics metrics;
    auto const where = path("nowhere/log");
    auto const names_it = [&](std::runtime_error const& e) {
        return std::string(e.what()).find(where) != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(access_log(where, 1, metrics), std::runtime_error, names_it);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_was_put_aside_gets_nothing_more, scratch)
{
    process_metrics metrics;
    {
        auto log = access_log(path("log"), 1 << 20, metrics);
        fs::rename(path("log"), path("before"));
        BOOST_TEST(!log.reopen()); // before the first line, which starts the writer
        log.write("one\n", 1);
        await([&] { return content(path("log")) == "one\n"; });
        fs::rename(path("log"), path("old"));
        BOOST_TEST(!log.reopen());
        log.write("two\n", 1);
    }
    BOOST_TEST(content(path("before")).empty());
    BOOST_TEST(content(path("old")) == "one\n");
    BOOST_TEST(content(path("log")) == "two\n");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_opened_anew_leaves_the_old_file, scratch)
{
    process_metrics metrics;
    {
        auto log = access_log(path("log"), 1 << 20, metrics);
        fs::rename(path("log"), path("old"));
        fs::create_directory(path("log"));
        BOOST_TEST((log.reopen() == std::errc::is_a_directory));
        log.write("one\n", 1);
    }
    BOOST_TEST(content(path("old")) == "one\n");
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_came_back_gets_lines_again, fifo)
{
    process_metrics metrics;
    auto log = access_log(name, 1 << 20, metrics);
    hang_up();
    log.write("one\n", 1);
    await([&] { return !log.on(); });
    reader = ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    BOOST_TEST(!log.reopen());
    await([&] { return log.on(); });
}

BOOST_AUTO_TEST_CASE(off_takes_nothing_and_counts_nothing)
{
    process_metrics metrics;
    auto log = access_log("off", 0, metrics);
    BOOST_TEST(!log.on());
    log.write("one\n", 1);
    BOOST_TEST(metrics.log_lines_dropped.get() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_full_queue_drops_and_counts_and_never_blocks, fifo)
{
    process_metrics metrics;
    auto const line = std::string(999, 'x') + "\n";
    constexpr std::size_t queue_bytes = 100'000;
    auto log = access_log(name, queue_bytes, metrics);
    for (int i = 0; i < 1000; ++i)
        log.write(std::string(line), 1);
    // The pipe has taken 64 KiB at most, the queue its bound; the rest is lost, and was counted.
    auto const dropped = metrics.log_lines_dropped.get();
    BOOST_TEST(dropped >= 1000 - (queue_bytes + 65'536) / line.size() - 1);

    auto const kept = 1000 - dropped;
    auto const all = read_to(kept * line.size());
    BOOST_TEST(all.size() == kept * line.size());
    BOOST_TEST(all.substr(all.size() - line.size()) == line);
    BOOST_TEST(metrics.log_lines_dropped.get() == dropped);
}

BOOST_FIXTURE_TEST_CASE(lines_longer_than_a_pipe_takes_at_once_arrive_whole, fifo)
{
    process_metrics metrics;
    auto log = access_log(name, 1 << 20, metrics);
    auto const line = std::string(300'000, 'y') + "\n";
    log.write(std::string(line), 1);
    BOOST_TEST(read_to(line.size()) == line);
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_goes_away_turns_the_log_off_quietly, fifo)
{
    process_metrics metrics;
    {
        auto log = access_log(name, 1 << 20, metrics);
        log.write("one\n", 1);
        BOOST_TEST(read() == "one\n");
        hang_up();
        log.write("two\n", 1);
    } // a SIGPIPE would have ended the test
    BOOST_TEST(metrics.log_lines_dropped.get() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_stalls_does_not_hold_the_end_up, fifo)
{
    process_metrics metrics;
    auto const begun = std::chrono::steady_clock::now();
    {
        auto log = access_log(name, 1 << 20, metrics);
        log.write(std::string(200'000, 'z') + "\n", 7);
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds{10}));
    BOOST_TEST(metrics.log_lines_dropped.get() == 7U);
}

BOOST_FIXTURE_TEST_CASE(many_threads_write_whole_lines, scratch)
{
    process_metrics metrics;
    {
        auto log = access_log(path("log"), 16 << 20, metrics);
        auto const write_some = [&log](char letter) {
            for (int i = 0; i < 2000; ++i)
                log.write(std::string(60, letter) + "\n", 1);
        };
        auto threads = std::vector<std::jthread>();
        for (char letter = 'a'; letter < 'e'; ++letter)
            threads.emplace_back(write_some, letter);
    }
    auto file = std::ifstream(path("log"));
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line); ++lines)
        BOOST_REQUIRE((line.size() == 60 && line.find_first_not_of(line[0]) == std::string::npos));
    BOOST_TEST(lines == 8000U);
}

BOOST_AUTO_TEST_SUITE_END()
