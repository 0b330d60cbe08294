#include "gateway/watch/metrics_process.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
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

std::optional<stat_fields> read_stat()
{
    auto file = std::ifstream("/proc/self/stat");
    auto text = std::string(std::istreambuf_iterator<char>(file), {});
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

std::optional<std::uint64_t> boot_time()
{
    auto file = std::ifstream("/proc/stat");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("btime ")) return std::stoull(line.substr(6));
    return std::nullopt;
}

std::optional<std::uint64_t> count_open_descriptors()
{
    // Since Linux 6.2 the size of the directory is the count; before, it is 0 and the entries must be walked.
    struct ::stat about {};
    if (::stat("/proc/self/fd", &about) == 0 && about.st_size > 0)
        return static_cast<std::uint64_t>(about.st_size);
    auto ec = std::error_code{};
    auto const entries = std::filesystem::directory_iterator("/proc/self/fd", ec);
    if (ec) return std::nullopt;
    auto const count = std::distance(begin(entries), end(entries));
    return static_cast<std::uint64_t>(count > 0 ? count - 1 : 0); // less the one that walks
}

} // namespace

process_figures read_process_figures()
{
    auto figures = process_figures{};
    auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    if (auto const stat = read_stat()) {
        figures.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks;
        figures.resident_bytes = stat->resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
        if (auto const booted = boot_time())
            figures.started_at =
                static_cast<double>(*booted) + static_cast<double>(stat->start_ticks) / ticks;
    }
    figures.open_descriptors = count_open_descriptors();
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.descriptors_max = limit.rlim_cur;
    return figures;
}

} // namespace gateway::watch
