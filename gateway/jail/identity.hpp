#pragma once
#include <string>
#include <sys/types.h>
#include <vector>

namespace gateway::jail {

/// Whom a process runs as.
struct identity {
    uid_t user = 0;
    gid_t group = 0;
    std::vector<gid_t> groups; ///< the supplementary ones
};

/// The user called `name`, with the groups that /etc/passwd and /etc/group give it; a number that they do not
/// know is user and group of that number alone. Throws `config_error` for `process.user`.
[[nodiscard]] identity find_user(std::string const& name);

/// Makes `directory` the root of all names. Throws `config_error` for `process.chroot`.
void change_root(std::string const& directory);

/// All threads become `who`, with no capability left and no way back. Throws `config_error` for
/// `process.user`.
void become(identity const& who);

} // namespace gateway::jail
