#pragma once
#include <string>
#include <string_view>

namespace gateway::cli {

/// Writes `text` to `name`, mode 0600, all or nothing: a reader sees the old file or the new one. A file that
/// was there keeps its owner, and its group may still read it if it could, so that the service that reads it
/// still can. Throws `std::runtime_error` naming the file.
void write_private_file(std::string const& name, std::string_view text);

} // namespace gateway::cli
