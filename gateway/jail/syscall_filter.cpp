#include "gateway/jail/syscall_filter.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace gateway::jail {

namespace {

// clang-format off

/// Allowed whatever their arguments. The kernel knows these by a bitmap, without running the filter; all that
/// a request needs is here.
constexpr std::array allowed{
    // the data path
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(recvfrom), SCMP_SYS(sendto),
    SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
    SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_create1), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(connect),
    SCMP_SYS(shutdown), SCMP_SYS(close), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
    SCMP_SYS(fcntl), SCMP_SYS(eventfd2), SCMP_SYS(pipe2), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime),
    SCMP_SYS(timerfd_gettime),
    // name look-ups
    SCMP_SYS(bind), SCMP_SYS(sendmmsg),
    // files that are open or to be read
    SCMP_SYS(fstat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(lseek),
    SCMP_SYS(pread64), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(fadvise64),
    SCMP_SYS(inotify_add_watch), SCMP_SYS(inotify_rm_watch),
    // memory
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mlock),
    // threads, signals, the end
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(get_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    // time, chance, and facts about oneself
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrusage), SCMP_SYS(times), SCMP_SYS(getrlimit),
};

/// What no library does on its own account, not even on its way out of an error.
constexpr std::array deadly{
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen),
    SCMP_SYS(fsmount), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(unshare),
    SCMP_SYS(setns), SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid),
    SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setfsuid), SCMP_SYS(setfsgid), SCMP_SYS(setgroups),
    SCMP_SYS(capset), SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(init_module),
    SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load),
    SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl),
};

// clang-format on

scmp_arg_cmp equals(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }

scmp_arg_cmp has_bits(unsigned argument, scmp_datum_t mask, scmp_datum_t bits)
{
    return {argument, SCMP_CMP_MASKED_EQ, mask, bits};
}

/// A filter under construction.
class rules {
public:
    rules() : filter_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)))
    {
        if (!filter_) throw std::system_error(ENOMEM, std::generic_category(), "process.seccomp");
    }

    void set(scmp_filter_attr attribute, std::uint32_t value)
    {
        check(seccomp_attr_set(filter_.get(), attribute, value));
    }
    /// Where all of `when` holds.
    void add(std::uint32_t action, int syscall, std::vector<scmp_arg_cmp> const& when = {})
    {
        check(seccomp_rule_add_array(
            filter_.get(), action, syscall, static_cast<unsigned>(when.size()), when.data()));
    }
    void load() { check(seccomp_load(filter_.get())); }

private:
    static void check(int result)
    {
        if (result != 0) throw std::system_error(-result, std::generic_category(), "process.seccomp");
    }
    struct release {
        void operator()(void* filter) const noexcept { seccomp_release(filter); }
    };
    std::unique_ptr<void, release> filter_;
};

void allow_sockets(rules& out)
{
    constexpr scmp_datum_t kind = 0xf; // without SOCK_NONBLOCK and SOCK_CLOEXEC
    for (auto family : std::array<scmp_datum_t, 2>{AF_INET, AF_INET6})
        for (auto type : std::array<scmp_datum_t, 2>{SOCK_STREAM, SOCK_DGRAM})
            out.add(SCMP_ACT_ALLOW, SCMP_SYS(socket), {equals(0, family), has_bits(1, kind, type)});
    // getaddrinfo asks which addresses this machine has.
    constexpr scmp_datum_t rtnetlink = 0;
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(socket), {equals(0, AF_NETLINK), equals(2, rtnetlink)});
}

constexpr scmp_datum_t to_write = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

void allow_by_argument(rules& out)
{
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(open), {has_bits(1, to_write, O_RDONLY)});
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(openat), {has_bits(2, to_write, O_RDONLY)});
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(mmap), {has_bits(2, PROT_EXEC, 0)});
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), {has_bits(2, PROT_EXEC, 0)});
    // clone3 hides its flags from filters; with ENOSYS for it the C library takes clone.
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(clone), {has_bits(0, CLONE_THREAD, CLONE_THREAD)});
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), {equals(2, 0)}); // to be told, not to set
    for (auto what : std::array<scmp_datum_t, 3>{FIONBIO, FIONREAD, TCGETS})
        out.add(SCMP_ACT_ALLOW, SCMP_SYS(ioctl), {equals(1, what)});
    // abort(3)
    out.add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), {equals(0, static_cast<scmp_datum_t>(getpid()))});
}

} // namespace

void filter_syscalls(bool opens_log)
{
    rules out;
    out.set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS); // the calls of another architecture
    out.set(SCMP_FLTATR_CTL_TSYNC, 1);
    // No foreign code runs here, so that what kernels before 5.16 would slow down for its sake need not be.
    out.set(SCMP_FLTATR_CTL_SSB, 1);
    constexpr std::uint32_t binary_tree = 2;
    out.set(SCMP_FLTATR_CTL_OPTIMIZE, binary_tree);
    for (auto syscall : allowed)
        out.add(SCMP_ACT_ALLOW, syscall);
    for (auto syscall : deadly)
        out.add(SCMP_ACT_KILL_PROCESS, syscall);
    allow_sockets(out);
    allow_by_argument(out);
    if (opens_log)
        out.add(
            SCMP_ACT_ALLOW,
            SCMP_SYS(openat),
            {has_bits(2, to_write | O_APPEND, O_WRONLY | O_CREAT | O_APPEND)});
    out.load();
}

} // namespace gateway::jail
