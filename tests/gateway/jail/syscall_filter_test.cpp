#include "gateway/jail/syscall_filter.hpp"

#include "gateway/jail/jail.hpp"
#include "gateway/watch/log_file.hpp"
#include "tests/gateway/jail/in_child.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <thread>

using gateway::jail::filter_syscalls;
using tests::in_child;
namespace data = boost::unit_test::data;

namespace {

/// A call to the kernel: negative when it fails, errno says why.
struct attempt {
    char const* what;
    long (*make)();

    friend std::ostream& operator<<(std::ostream& out, attempt const& a) { return out << a.what; }
};

/// Within the filter: errno of the attempt, 0 when it went well, or 128 + the signal that it cost.
int filtered(attempt const& a)
{
    return in_child([&] {
        filter_syscalls();
        errno = 0;
        return a.make() < 0 ? errno : 0;
    });
}

/// Sockets and memory that are there before the filter is.
int const bound = [] {
    auto const made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)bind(made, reinterpret_cast<sockaddr*>(&loopback), sizeof loopback);
    return made;
}();
constexpr std::size_t page = 4096;
void* const memory = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

long mapped(int protection)
{
    auto const* const made = mmap(nullptr, page, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return made == MAP_FAILED ? -1 : 0;
}

// clang-format off

std::array const deadly{
    attempt{"run a program",
            []() -> long {
                std::array<char*, 1> nothing{};
                return execve("/bin/true", nothing.data(), nothing.data());
            }},
    attempt{"run a program by its descriptor",
            []() -> long { return syscall(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, nullptr, 0); }},
    attempt{"fork", []() -> long { return syscall(SYS_fork); }},
    attempt{"be traced", []() -> long { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
    attempt{"trace another", []() -> long { return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr); }},
    attempt{"read another process",
            []() -> long {
                iovec const one{memory, 8};
                return process_vm_readv(getppid(), &one, 1, &one, 1, 0);
            }},
    attempt{"write another process",
            []() -> long {
                iovec const one{memory, 8};
                return process_vm_writev(getppid(), &one, 1, &one, 1, 0);
            }},
    attempt{"take another's descriptor", []() -> long { return syscall(SYS_pidfd_getfd, 0, 0, 0); }},
    attempt{"mount", []() -> long { return mount("none", "/mnt", "tmpfs", 0, nullptr); }},
    attempt{"change the root", []() -> long { return chroot("/"); }},
    attempt{"leave a namespace", []() -> long { return unshare(CLONE_NEWUSER); }},
    attempt{"become root", []() -> long { return setresuid(0, 0, 0); }},
    attempt{"load a program into the kernel", []() -> long { return syscall(SYS_bpf, 0, nullptr, 0); }},
    attempt{"load a module", []() -> long { return syscall(SYS_init_module, nullptr, 0, ""); }},
    attempt{"read the kernel's keys", []() -> long { return syscall(SYS_keyctl, 0, 0, 0, 0, 0); }},
    attempt{"watch the processor",
            []() -> long { return syscall(SYS_perf_event_open, nullptr, 0, 0, 0, 0); }},
};

std::array const refused{
    attempt{"open to write", []() -> long { return open("/dev/null", O_WRONLY); }},
    attempt{"open to read and write", []() -> long { return open("/dev/null", O_RDWR); }},
    attempt{"create a file", []() -> long { return open("/tmp/x", O_RDONLY | O_CREAT, 0600); }},
    attempt{"empty a file", []() -> long { return open("/dev/null", O_RDONLY | O_TRUNC); }},
    attempt{"open in ways that filters do not see",
            []() -> long { return syscall(SYS_openat2, AT_FDCWD, "/dev/null", nullptr, 0); }},
    attempt{"remove a file", []() -> long { return unlink("/tmp/none"); }},
    attempt{"rename a file", []() -> long { return rename("/tmp/none", "/tmp/other"); }},
    attempt{"make a file in memory", []() -> long { return memfd_create("x", 0); }},
    attempt{"map memory to execute", []() -> long { return mapped(PROT_READ | PROT_EXEC); }},
    attempt{"make memory executable",
            []() -> long { return mprotect(memory, page, PROT_READ | PROT_EXEC); }},
    attempt{"listen", []() -> long { return listen(bound, 1); }},
    attempt{"talk to programs here", []() -> long { return socket(AF_UNIX, SOCK_STREAM, 0); }},
    attempt{"send packets of any kind", []() -> long { return socket(AF_INET, SOCK_RAW, IPPROTO_TCP); }},
    attempt{"listen to the whole network", []() -> long { return socket(AF_PACKET, SOCK_RAW, 0); }},
    attempt{"talk to other parts of the kernel",
            []() -> long { return socket(AF_NETLINK, SOCK_RAW, 15); }},
    attempt{"start a process",
            []() -> long { return syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0); }},
    attempt{"start a process in other ways", []() -> long { return syscall(SYS_clone3, nullptr, 0); }},
    attempt{"signal another process", []() -> long { return kill(getppid(), SIGCONT); }},
    attempt{"signal another's thread",
            []() -> long { return syscall(SYS_tgkill, getppid(), getppid(), SIGCONT); }},
    attempt{"allow dumps", []() -> long { return prctl(PR_SET_DUMPABLE, 1); }},
    attempt{"raise a limit",
            []() -> long {
                rlimit const one{1, 1};
                return setrlimit(RLIMIT_CORE, &one);
            }},
    attempt{"type into the terminal", []() -> long { return ioctl(0, TIOCSTI, "x"); }},
    attempt{"queue calls past filters", []() -> long { return syscall(SYS_io_uring_setup, 1, nullptr); }},
};

std::array const let_through{
    attempt{"open to read", []() -> long { return open("/dev/null", O_RDONLY | O_CLOEXEC); }},
    attempt{"a TCP socket", []() -> long { return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); }},
    attempt{"a TCP socket of version 6", []() -> long { return socket(AF_INET6, SOCK_STREAM, 0); }},
    attempt{"a UDP socket", []() -> long { return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); }},
    attempt{"memory", []() -> long { return mapped(PROT_READ | PROT_WRITE); }},
    attempt{"to be told a limit",
            []() -> long {
                rlimit told{};
                return getrlimit(RLIMIT_NOFILE, &told);
            }},
    attempt{"a thread",
            []() -> long {
                std::atomic<bool> ran = false;
                std::thread([&] { ran = true; }).join();
                return ran ? 0 : -1;
            }},
    attempt{"a name look-up",
            []() -> long {
                addrinfo* found = nullptr;
                addrinfo wanted{};
                wanted.ai_flags = AI_ADDRCONFIG;
                return getaddrinfo("localhost", "443", &wanted, &found) == 0 ? 0 : -1;
            }},
};

// clang-format on

/// Within a filter that lets a log be opened: errno of opening `name` so.
int log_opened(int how)
{
    return in_child([&] {
        filter_syscalls(true);
        return openat(AT_FDCWD, "/dev/null", how, 0640) < 0 ? errno : 0;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(syscall_filter, *boost::unit_test::enable_if<!gateway::jail::instrumented>())

BOOST_DATA_TEST_CASE(what_only_an_intruder_tries_kills_the_process, data::make(deadly), a)
{
    BOOST_TEST(filtered(a) == 128 + SIGSYS);
}

BOOST_DATA_TEST_CASE(what_serving_does_not_take_is_not_there, data::make(refused), a)
{
    BOOST_TEST(filtered(a) == ENOSYS);
}

BOOST_DATA_TEST_CASE(what_serving_takes_works, data::make(let_through), a) { BOOST_TEST(filtered(a) == 0); }

BOOST_AUTO_TEST_CASE(a_log_can_be_opened_to_append_to_and_in_no_other_way)
{
    BOOST_TEST(log_opened(gateway::watch::log_place::how_to_open) == 0);
    for (auto how :
         {O_WRONLY,
          O_RDWR,
          O_WRONLY | O_CREAT,
          O_RDWR | O_CREAT | O_APPEND,
          O_WRONLY | O_CREAT | O_APPEND | O_TRUNC})
        BOOST_TEST(log_opened(how) == ENOSYS, how);
}

BOOST_AUTO_TEST_CASE(abort_is_still_sigabrt)
{
    auto const ended = in_child([]() -> int {
        std::signal(SIGABRT, SIG_DFL);
        filter_syscalls();
        std::abort();
    });
    BOOST_TEST(ended == 128 + SIGABRT);
}

BOOST_AUTO_TEST_CASE(threads_that_run_already_are_filtered_too)
{
    auto const ended = in_child([] {
        std::atomic<bool> filtered = false;
        int result = 0;
        std::thread earlier([&] {
            filtered.wait(false);
            result = open("/dev/null", O_WRONLY) < 0 ? errno : 0;
        });
        filter_syscalls();
        filtered = true;
        filtered.notify_one();
        earlier.join();
        return result;
    });
    BOOST_TEST(ended == ENOSYS);
}

BOOST_AUTO_TEST_SUITE_END()
