#pragma once
#include <cstdint>
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

[[nodiscard]] process_figures read_process_figures();

} // namespace gateway::watch
