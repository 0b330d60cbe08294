#pragma once
#include <fstream>
#include <system_error>

namespace gateway::jail {

/// No core dump, and no debugger, /proc/PID/mem or /proc/PID/environ for other processes of the same user.
/// The kernel forgets the latter when the user changes (prctl(2), PR_SET_DUMPABLE): then call it again.
void forbid_dumps() noexcept;

/// Nothing that this process or a child of it runs may gain privileges: no set-user-ID, no file capabilities.
/// Landlock and seccomp ask for it. For good.
void forbid_new_privileges() noexcept;

/// Keeps the heap out of swap. All long-lived keys are in it: ours, and OpenSSL's copies, for which its own
/// secure heap would do as well, but at the price of a lock and a fixed room for every handshake. To be made
/// while /proc can be opened and, where a limit is to be raised for it (RLIMIT_MEMLOCK), by root.
class heap_pin {
public:
    heap_pin();

    /// Pins the heap as it stands; what is allocated later is not. Says why it failed.
    [[nodiscard]] std::error_code renew();

private:
    std::ifstream maps_;
};

} // namespace gateway::jail
