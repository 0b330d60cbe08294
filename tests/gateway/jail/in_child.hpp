#pragma once
#include <exception>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {

/// Runs `act`, whose doings cannot be undone, in a child of this process. Returns what `act` returned, 0 to
/// 125, or 126 when it threw, or 128 + the number of the signal that ended it.
template <class Act>
int in_child(Act act)
{
    auto const child = fork();
    if (child == 0) {
        int result = 126;
        try {
            result = act();
        } catch (std::exception const&) {
        }
        _exit(result);
    }
    int how = 0;
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

} // namespace tests
