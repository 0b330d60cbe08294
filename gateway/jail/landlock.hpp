#pragma once
#include <string>
#include <vector>

namespace gateway::jail {

/// The version of Landlock that this kernel has; 0: none.
[[nodiscard]] int landlock_version() noexcept;

/// From here on this thread, and those that it starts, can open files and list directories only at or beneath
/// `readable`, and can open nothing to write but files beneath `writable`, a directory's descriptor (-1:
/// none), whatever the user may (landlock(7)). Names that lead nowhere are passed over. For good;
/// `forbid_new_privileges` comes before. Throws `std::system_error` when the kernel will not.
void restrict_files(std::vector<std::string> const& readable, int writable = -1);

} // namespace gateway::jail
