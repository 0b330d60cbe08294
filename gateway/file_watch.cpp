#include "gateway/file_watch.hpp"

#include "gateway/base/file_ways.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>

namespace gateway {

namespace {

constexpr std::uint32_t becomes_another =
    IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM;
constexpr std::uint32_t directory_goes = IN_MOVE_SELF | IN_DELETE_SELF;

} // namespace

file_watch::file_watch(
    boost::asio::io_context& control, std::ostream& out, std::function<void()> changed, settling how)
    : out_(&out), changed_(std::move(changed)), how_(how), events_(control), timer_(control)
{
    auto const descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) {
        out << "reload.watch: cannot watch files: " << std::generic_category().message(errno)
            << "; send SIGHUP when they have changed" << std::endl;
        return;
    }
    events_.assign(descriptor);
    await_events();
}

void file_watch::watch(std::vector<std::string> files)
{
    files_ = std::move(files);
    if (events_.is_open()) look_anew();
}

/// The ways may lead over other directories than before.
void file_watch::look_anew()
{
    std::map<std::string, std::set<std::string>> by_directory;
    for (auto const& file : files_)
        for (auto const& mark : way_to(file))
            by_directory[mark.directory].insert(mark.name);
    std::map<int, std::set<std::string>> names;
    for (auto& [directory, in_it] : by_directory)
        if (auto const number = add(directory); number >= 0) names[number].merge(in_it);
    for (auto const& [number, unused] : names_)
        if (!names.contains(number)) inotify_rm_watch(events_.native_handle(), number);
    names_ = std::move(names);
}

int file_watch::add(std::string const& directory)
{
    auto const number = inotify_add_watch(
        events_.native_handle(), directory.c_str(), becomes_another | directory_goes | IN_ONLYDIR);
    if (number < 0 && told_.insert(directory).second)
        *out_ << "reload.watch: cannot watch " << directory << ": " << std::generic_category().message(errno)
              << "; send SIGHUP when a file in it has changed" << std::endl;
    return number;
}

void file_watch::await_events()
{
    events_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](auto const& error) {
        if (error) return;
        if (read_events()) settle();
        await_events();
    });
}

/// Whether any of them concerns a file.
bool file_watch::read_events()
{
    alignas(inotify_event) std::array<char, 4096> room{};
    auto concerned = false;
    for (;;) {
        auto const size = ::read(events_.native_handle(), room.data(), room.size());
        if (size <= 0) return concerned;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            auto const* const event = reinterpret_cast<inotify_event const*>(room.data() + at);
            concerned = concerned || concerns(event->wd, event->mask, event->len == 0 ? "" : event->name);
            at += sizeof(inotify_event) + event->len;
        }
    }
}

bool file_watch::concerns(int number, unsigned what, char const* name) const
{
    if ((what & IN_Q_OVERFLOW) != 0) return true; // some were lost
    auto const found = names_.find(number);
    if (found == names_.end()) return false;
    return (what & directory_goes) != 0 || found->second.contains(name);
}

void file_watch::settle()
{
    auto const now = std::chrono::steady_clock::now();
    if (!std::exchange(settling_, true)) begun_ = now;
    timer_.expires_at(std::min(now + how_.quiet, begun_ + how_.most));
    timer_.async_wait([this](boost::system::error_code const& error) {
        if (error) return; // there was more
        settling_ = false;
        look_anew();
        changed_();
    });
}

} // namespace gateway
