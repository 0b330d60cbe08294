#include "gateway/watch/metrics_process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>

namespace gateway::watch {
namespace {

/// The numbers of /proc/self/stat from field 3 on: the name in field 2 may hold spaces and parentheses.
struct stat_fields {
    std::uint64_t user_ticks = 0;
    std::uint64_t system_ticks = 0;
    std::uint64_t start_ticks = 0; ///< after boot
    std::uint64_t resident_pages = 0;
};

std::optional<stat_fields> read_stat(int from)
{
    std::array<char, 1024> room{};
    auto const size = ::pread(from, room.data(), room.size(), 0);
    auto const text = std::string(room.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    auto const name_ends = text.rfind(')');
    if (name_ends == std::string::npos) return std::nullopt;
    auto rest = std::istringstream(text.substr(name_ends + 1));
    auto read = stat_fields{};
    std::string word;
    for (int field = 3; rest >> word; ++field) {
        if (field == 14) read.user_ticks = std::stoull(word);
        if (field == 15) read.system_ticks = std::stoull(word);
        if (field == 22) read.start_ticks = std::stoull(word);
        if (field != 24) continue;
        read.resident_pages = std::stoull(word);
        return read;
    }
    return std::nullopt;
}

std::uint64_t resident_bytes_of(stat_fields const& stat)
{
    return stat.resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<std::uint64_t> boot_time()
{
    auto file = std::ifstream("/proc/stat");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("btime ")) return std::stoull(line.substr(6));
    return std::nullopt;
}

} // namespace

own_figures::own_figures()
    : stat_(::open("/proc/self/stat", O_RDONLY | O_CLOEXEC)),
      descriptors_(::opendir("/proc/self/fd")),
      booted_at_(boot_time())
{
}

own_figures::~own_figures()
{
    if (stat_ >= 0) ::close(stat_);
}

std::optional<std::uint64_t> own_figures::count_descriptors() const
{
    if (!descriptors_) return std::nullopt;
    // Since Linux 6.2 the size of the directory is the count; before, it is 0 and the entries must be walked.
    struct ::stat about {};
    if (::fstat(::dirfd(descriptors_.get()), &about) == 0 && about.st_size > 0)
        return static_cast<std::uint64_t>(about.st_size);
    ::rewinddir(descriptors_.get());
    std::uint64_t count = 0;
    while (auto const* entry = ::readdir(descriptors_.get())) // NOLINT(concurrency-mt-unsafe): its own stream
        if (entry->d_name[0] != '.') ++count;
    return count;
}

std::optional<std::uint64_t> own_figures::resident_bytes() const
{
    auto const stat = read_stat(stat_);
    return stat ? std::optional(resident_bytes_of(*stat)) : std::nullopt;
}

process_figures own_figures::read() const
{
    auto figures = process_figures{};
    auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    if (auto const stat = read_stat(stat_)) {
        figures.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks;
        figures.resident_bytes = resident_bytes_of(*stat);
        if (booted_at_)
            figures.started_at =
                static_cast<double>(*booted_at_) + static_cast<double>(stat->start_ticks) / ticks;
    }
    figures.open_descriptors = count_descriptors();
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.descriptors_max = limit.rlim_cur;
    return figures;
}

} // namespace gateway::watch
