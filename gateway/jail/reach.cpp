#include "gateway/jail/reach.hpp"

#include "gateway/base/config_rules.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace gateway::jail {

void check_reach(config const& of)
{
    for (auto const& file : named_files(of)) {
        auto const opened = open(file.name.c_str(), O_RDONLY | O_CLOEXEC);
        if (opened >= 0)
            close(opened);
        else if (errno == EACCES)
            throw config_error(
                file.field,
                "cannot read " + file.name +
                    ": the confined process may not (process.user, process.landlock); restart");
    }
}

} // namespace gateway::jail
