#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/secret_file.hpp"

#include <string>
#include <vector>

namespace gateway::jail {

/// The files and directories that a gateway reads again while it serves: where the configuration itself and
/// the files lie that it names (the directories, since a new file takes an old one's place by its name; of a
/// link, also where it leads), the system's authorities, and what name look-ups read. Sorted, each once; some
/// may not exist.
[[nodiscard]] std::vector<std::string>
readable_paths(config const& of, std::string const& config_file, environment const& get);

} // namespace gateway::jail
