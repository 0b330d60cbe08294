#include "gateway/jail/jail.hpp"

#include "gateway/jail/identity.hpp"
#include "gateway/jail/landlock.hpp"
#include "gateway/jail/readable_paths.hpp"
#include "gateway/jail/syscall_filter.hpp"

#include <arpa/inet.h>
#include <filesystem>
#include <unistd.h>

namespace gateway::jail {

namespace {

constexpr uid_t root = 0;

bool is_looked_up(std::string const& host)
{
    in6_addr room{};
    return inet_pton(AF_INET, host.c_str(), &room) != 1 && inet_pton(AF_INET6, host.c_str(), &room) != 1;
}

void check_root(config const& of)
{
    auto const& directory = of.process.chroot;
    if (directory.empty()) return;
    if (!std::filesystem::is_directory(directory))
        throw config_error("process.chroot", directory + " is no directory");
    if (std::filesystem::exists(directory + "/etc/resolv.conf")) return;
    for (auto const& host : {of.upstream.host, of.tokens.app_keys_url.host, of.session.authorize.url.host})
        if (!host.empty() && is_looked_up(host))
            throw config_error(
                "process.chroot",
                directory + " has no etc/resolv.conf, by which " + host +
                    " is looked up; copy /etc/resolv.conf and /etc/hosts there");
}

void change_identity(process_config const& to, std::ostream& tell)
{
    auto const is_root = geteuid() == root;
    if (to.user.empty() && is_root)
        tell << "process.user: is not given, so the gateway goes on as root; name a user" << std::endl;
    if (!is_root) return;
    auto const who = to.user.empty() ? identity{} : find_user(to.user); // by the names outside
    if (!to.chroot.empty()) change_root(to.chroot);
    if (!to.user.empty()) become(who);
    forbid_dumps(); // the kernel has forgotten it
}

} // namespace

void check(config const& of)
{
    if (!of.process.user.empty()) (void)find_user(of.process.user);
    check_root(of);
}

void check_rights(process_config const& asked)
{
    if (geteuid() == root) return;
    if (!asked.user.empty() && find_user(asked.user).user != geteuid())
        throw config_error(
            "process.user", "only root can become another user; start as root or as " + asked.user);
    if (!asked.chroot.empty()) throw config_error("process.chroot", "only root can change it; start as root");
}

void close_doors() noexcept
{
    forbid_dumps();
    forbid_new_privileges();
}

void enter(
    config const& of,
    std::string const& config_file,
    heap_pin& keys,
    environment const& get,
    int log_directory,
    std::ostream& tell)
{
    check(of);
    check_rights(of.process);
    if (auto const failed = keys.renew())
        tell << "process: keys may be swapped out, since they cannot be pinned: " << failed.message()
             << "; raise RLIMIT_MEMLOCK (LimitMEMLOCK= in a systemd unit)" << std::endl;
    change_identity(of.process, tell);
    if (instrumented) {
        tell << "process: this build is instrumented and has neither seccomp nor Landlock; not for production"
             << std::endl;
        return;
    }
    if (of.process.landlock && landlock_version() > 0)
        restrict_files(readable_paths(of, config_file, get), log_directory);
    else if (of.process.landlock)
        tell << "process.landlock: this kernel has none (5.13 or newer may), so files are not restricted"
             << std::endl;
    if (of.process.seccomp) filter_syscalls(log_directory >= 0);
}

} // namespace gateway::jail
