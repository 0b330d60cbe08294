#include "gateway/watch/access_log.hpp"

#include "gateway/watch/log_file.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace gateway::watch {
namespace {

using clock = std::chrono::steady_clock;

/// When the log closes, a reader that has stalled gets so long to take the last lines; the process then ends
/// without.
constexpr auto last_lines = std::chrono::seconds{2};
constexpr auto look_again = std::chrono::milliseconds{100};

/// A pipe that polls as writable has room for this many bytes (POSIX PIPE_BUF on Linux), so that writing no
/// more never blocks, although standard output must stay in blocking mode: others share it.
constexpr std::size_t piece_bytes = 4096;

/// Holds every signal back while it lives: a thread started under it leaves signals to the main thread, and a
/// write to a pipe without a reader is an error code for it.
class signals_held {
public:
    signals_held() noexcept
    {
        ::sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~signals_held() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_held(signals_held const&) = delete;
    signals_held& operator=(signals_held const&) = delete;

private:
    ::sigset_t before_{};
};

struct chunk {
    std::string text;
    std::size_t lines = 0;
};

log_file opened(log_place const& place, std::string const& where)
{
    auto made = place.open();
    if (made) return std::move(*made);
    throw std::runtime_error("log.access: cannot open " + where + ": " + made.error().message());
}

} // namespace

struct access_log::state {
    state(std::string const& where, std::size_t most, process_metrics& counters)
        : place(where),
          file(opened(place, where)),
          off(!file.open()),
          queue_bytes(most),
          metrics(counters),
          open(file.open())
    {
    }

    bool start_writer();
    void write_all();
    void change_file();
    bool write_chunk(chunk const& next);
    bool write_bytes(std::string_view bytes);
    bool wait_writable();
    [[nodiscard]] bool out_of_time() const noexcept { return closing && clock::now() >= give_up.load(); }

    log_place const place;
    log_file file; ///< the writer's, once it runs
    bool const off;
    std::size_t const queue_bytes;
    process_metrics& metrics; ///< counted under `mutex` only: its counters take one writer at a time
    std::atomic<bool> open;   ///< false: off, or the reader has gone away
    std::atomic<bool> closing = false;
    std::atomic<clock::time_point> give_up{};
    bool torn = false; ///< the last line written is not whole

    std::mutex mutex;
    std::condition_variable more;
    std::vector<chunk> waiting;
    std::size_t waiting_bytes = 0; ///< including the chunk that is being written
    std::optional<log_file> anew;  ///< opened anew: takes all that is not written yet

    std::thread writer;
};

/// False: the system has no thread to give.
bool access_log::state::start_writer()
try {
    auto const held = signals_held{};
    writer = std::thread(&state::write_all, this);
    return true;
} catch (std::system_error const&) {
    return false;
}

/// The writer thread: takes all that waits, writes it, sleeps until there is more.
void access_log::state::write_all()
{
    auto lock = std::unique_lock(mutex);
    for (;;) {
        while (waiting.empty() && !anew && !closing)
            more.wait(lock);
        if (anew) change_file();
        if (waiting.empty() && closing) return;
        auto const taken = std::exchange(waiting, {});
        lock.unlock();
        for (auto const& next : taken) {
            bool const written = open && write_chunk(next);
            auto const counting = std::scoped_lock(mutex);
            waiting_bytes -= next.text.size();
            metrics.log_queue_bytes.set(waiting_bytes);
            if (!written) metrics.log_lines_dropped.add(next.lines);
        }
        lock.lock();
    }
}

void access_log::state::change_file()
{
    file = std::move(*anew);
    anew.reset();
    torn = false;
    open = true;
}

bool access_log::state::write_chunk(chunk const& next)
{
    // After half a line (the disk was full) a new line begins, so that only that one cannot be read.
    if (torn && !write_bytes("\n")) return false;
    return write_bytes(next.text);
}

bool access_log::state::write_bytes(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (!file.regular() && !wait_writable()) return false;
        auto const piece = file.regular() ? bytes.size() : std::min(bytes.size(), piece_bytes);
        auto const n = ::write(file.descriptor(), bytes.data(), piece);
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
            torn = !bytes.empty();
        } else if (errno == EPIPE || errno == EBADF) {
            open = false;
            return false;
        } else if (errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

bool access_log::state::wait_writable()
{
    while (!out_of_time()) {
        ::pollfd want{file.descriptor(), POLLOUT, 0};
        if (::poll(&want, 1, static_cast<int>(look_again.count())) > 0)
            return true; // errors show in the write
    }
    return false;
}

access_log::access_log(std::string const& where, std::size_t queue_bytes, process_metrics& metrics)
    : state_(std::make_unique<state>(where, queue_bytes, metrics))
{
}

access_log::~access_log()
{
    {
        auto const lock = std::scoped_lock(state_->mutex);
        state_->give_up = clock::now() + last_lines;
        state_->closing = true;
    }
    state_->more.notify_one();
    if (state_->writer.joinable()) state_->writer.join();
}

std::error_code access_log::reopen()
{
    if (directory() < 0) return {};
    auto opened = state_->place.open();
    if (!opened) return opened.error();
    {
        auto const lock = std::scoped_lock(state_->mutex);
        state_->anew = std::move(*opened);
        if (!state_->writer.joinable()) state_->change_file();
    }
    state_->more.notify_one();
    return {};
}

int access_log::directory() const noexcept { return state_->place.directory(); }

bool access_log::on() const noexcept { return state_->open; }

void access_log::write(std::string&& text, std::size_t lines)
{
    if (state_->off || text.empty()) return;
    {
        auto const lock = std::scoped_lock(state_->mutex);
        auto const fits = state_->open && text.size() <= state_->queue_bytes - state_->waiting_bytes;
        if (!fits || (!state_->writer.joinable() && !state_->start_writer())) {
            state_->metrics.log_lines_dropped.add(lines);
            return;
        }
        state_->waiting_bytes += text.size();
        state_->metrics.log_queue_bytes.set(state_->waiting_bytes);
        state_->waiting.push_back({std::move(text), lines});
    }
    state_->more.notify_one();
}

} // namespace gateway::watch
