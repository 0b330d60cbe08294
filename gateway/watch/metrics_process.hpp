#pragma once
#include <cstdint>
#include <dirent.h>
#include <memory>
#include <optional>

namespace gateway::watch {

/// What Linux tells about this process (proc(5)). What cannot be read is absent.
struct process_figures {
    std::optional<double> started_at;  ///< seconds since the epoch
    std::optional<double> cpu_seconds; ///< user and system
    std::optional<std::uint64_t> resident_bytes;
    std::optional<std::uint64_t> open_descriptors;
    std::optional<std::uint64_t> descriptors_max;
};

/// Holds /proc's files open from its construction on: later the process may have no way to open them.
class own_figures {
public:
    own_figures();
    ~own_figures();
    own_figures(own_figures const&) = delete;
    own_figures& operator=(own_figures const&) = delete;

    /// By one thread at a time.
    [[nodiscard]] process_figures read() const;
    [[nodiscard]] std::optional<std::uint64_t> resident_bytes() const;

private:
    struct close_directory {
        void operator()(DIR* open) const noexcept { closedir(open); }
    };
    [[nodiscard]] std::optional<std::uint64_t> count_descriptors() const;

    int stat_;
    std::unique_ptr<DIR, close_directory> descriptors_;
    std::optional<std::uint64_t> booted_at_;
};

} // namespace gateway::watch
