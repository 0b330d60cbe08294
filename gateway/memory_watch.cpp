#include "gateway/memory_watch.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <unistd.h>
#include <utility>

namespace gateway {

namespace {

constexpr std::uint64_t near_percent = 80;
constexpr std::uint64_t sheds_percent = 95;
constexpr std::uint64_t rests_percent = 98;
constexpr std::uint64_t slack_percent = 2;
constexpr std::chrono::seconds between_trims{1}; // each makes every thread wait that allocates
constexpr std::uint64_t mebibyte = 1ULL << 20;

std::uint64_t percent_of(std::uint64_t budget, std::uint64_t percent) noexcept
{
    return budget / 100 * percent;
}

std::uint64_t memory_of_machine() noexcept
{
    return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// What a `memory.max` says; nothing for "max" and where there is none.
std::optional<std::uint64_t> read_maximum(std::filesystem::path const& from)
{
    std::ifstream file(from);
    std::string word;
    file >> word;
    std::uint64_t bytes = 0;
    auto const [end, flaw] = std::from_chars(word.data(), word.data() + word.size(), bytes);
    if (flaw != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return bytes;
}

/// The group of version 2 in which the process is: `0::/system.slice/voicegate.service`.
std::filesystem::path control_group(std::string const& root)
{
    std::ifstream groups(root + "/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);)
        if (line.starts_with("0::/")) return line.substr(4);
    return {};
}

} // namespace

pressure pressure_at(std::uint64_t used, std::uint64_t budget, pressure before) noexcept
{
    auto const reached = [&](std::uint64_t percent, pressure level) {
        return used >= percent_of(budget, before >= level ? percent - slack_percent : percent);
    };
    if (reached(rests_percent, pressure::rests)) return pressure::rests;
    if (reached(sheds_percent, pressure::sheds)) return pressure::sheds;
    return pressure::none;
}

std::uint64_t usual_memory_budget(std::string const& root)
{
    std::filesystem::path const groups(root + "/sys/fs/cgroup");
    auto least = memory_of_machine();
    auto group = control_group(root);
    for (;; group = group.parent_path()) {
        auto const maximum = read_maximum(groups / group / "memory.max");
        if (maximum) least = std::min(least, *maximum);
        if (group.empty()) break;
    }
    return least / 4 * 3;
}

memory_watch::memory_watch(boost::asio::io_context& control, memory_options options, std::ostream& out)
    : timer_(control), options_(std::move(options)), out_(&out)
{
}

void memory_watch::look()
{
    auto is_near = true;
    if (auto const used = measure()) {
        is_near = *used >= percent_of(options_.budget, near_percent);
        auto const next = pressure_at(*used, options_.budget, now_);
        if (next != std::exchange(now_, next)) {
            tell(*used);
            options_.changed(now_);
        }
    }
    timer_.expires_after(is_near ? options_.every_when_near : options_.every);
    timer_.async_wait([this](boost::system::error_code const& error) {
        if (!error) look();
    });
}

/// What the allocator keeps of freed memory counts as used; without giving it back pressure would never end.
std::optional<std::uint64_t> memory_watch::measure()
{
    auto const used = options_.used();
    if (!used || pressure_at(*used, options_.budget, now_) == pressure::none) return used;
    auto const now = std::chrono::steady_clock::now();
    if (now - trimmed_ < between_trims) return used;
    trimmed_ = now;
    malloc_trim(0);
    return options_.used();
}

void memory_watch::tell(std::uint64_t used) const
{
    *out_ << "limits.memory: " << used / mebibyte << " of " << options_.budget / mebibyte
          << " MiB are in use: ";
    switch (now_) {
    case pressure::none:
        *out_ << "all is served again\n";
        break;
    case pressure::sheds:
        *out_ << "new requests get 503\n";
        break;
    case pressure::rests:
        *out_ << "new requests get 503, and no connection is accepted\n";
        break;
    }
    out_->flush();
}

} // namespace gateway
