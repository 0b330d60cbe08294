#pragma once

namespace gateway::jail {

/// From here on no thread of this process may ask the kernel for more than serving takes (seccomp(2)):
///  * sockets, timers, memory, threads, files opened for reading, are as ever;
///  * what only an intruder would try (to run a program, to look into another process, to change who it is or
///    what it sees of the system) kills the process, and the kernel's log tells of it;
///  * every other call fails with ENOSYS, as on a kernel without it, so that a newer C library falls back to
///    what it did before. So it goes with opening a file to write, mapping memory to execute, listening,
///    sockets other than TCP's, UDP's and rtnetlink's, and with processes other than threads.
///
/// With `opens_log` a file may still be opened as `watch::log_place` does it.
/// For good, and for threads that are started later too. Throws `std::system_error` when the kernel will not.
void filter_syscalls(bool opens_log = false);

} // namespace gateway::jail
