#include "tests/end_to_end/support/process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace e2e {

scratch_directory::scratch_directory()
{
    auto name = (std::filesystem::temp_directory_path() / "voicegate-e2e-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a directory " + name);
    at_ = name;
}

scratch_directory::~scratch_directory()
{
    std::error_code ignored;
    std::filesystem::remove_all(at_, ignored);
}

std::string read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(std::string const& path, std::string_view content)
{
    auto const fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        throw std::runtime_error("cannot write " + path);
    close(fd);
}

namespace {

[[noreturn]] void become(
    std::vector<std::string> const& command,
    int output,
    int errors,
    std::vector<std::string> const& environment)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGPIPE, SIG_DFL);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    for (auto const& one : environment)
        putenv(const_cast<char*>(one.c_str())); // NOLINT: putenv takes the string as it is
    std::vector<char*> words;
    for (auto const& word : command)
        words.push_back(const_cast<char*>(word.c_str())); // NOLINT: execv does not write
    words.push_back(nullptr);
    execv(words.front(), words.data());
    _exit(127);
}

} // namespace

process::process(
    std::vector<std::string> const& command,
    std::string errors_file,
    std::vector<std::string> const& environment)
    : errors_file_(std::move(errors_file))
{
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    auto const errors = open(errors_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    id_ = fork();
    if (id_ == 0) become(command, pipe[1], errors, environment);
    close(pipe[1]);
    close(errors);
    output_ = pipe[0];
    fcntl(output_, F_SETFL, O_NONBLOCK);
    if (id_ < 0) throw std::runtime_error("no process");
}

process::~process()
{
    if (!status_) {
        ::kill(id_, SIGKILL);
        (void)reap(true);
    }
    close(output_);
}

bool process::reap(bool wait)
{
    if (status_) return true;
    int how = 0;
    if (waitpid(id_, &how, wait ? 0 : WNOHANG) != id_) return false;
    status_ = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return true;
}

bool process::running() { return !reap(false); }

void process::signal(int number) const
{
    if (!status_) ::kill(id_, number);
}

int process::exit_status(deadline until)
{
    await(
        "the end of a process", [this] { return reap(false); }, until);
    return *status_;
}

/// False at the end of the output.
bool process::fill(deadline const& until)
{
    if (!await_event(output_, POLLIN, until)) throw timed_out("output of a process; its stderr: " + errors());
    std::array<char, 4096> room{};
    auto const n = read(output_, room.data(), room.size());
    if (n > 0) unread_.append(room.data(), static_cast<std::size_t>(n));
    return n > 0;
}

std::string process::next_line()
{
    deadline const until;
    auto end = unread_.find('\n');
    for (; end == std::string::npos; end = unread_.find('\n'))
        if (!fill(until)) throw std::runtime_error("a process ended too early; its stderr: " + errors());
    auto line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

std::string process::all_output()
{
    deadline const until;
    while (fill(until)) {
    }
    return std::exchange(unread_, {});
}

std::size_t process::resident_bytes() const
{
    std::istringstream status(read_file("/proc/" + std::to_string(id_) + "/status"));
    std::string line;
    while (std::getline(status, line))
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) * 1024;
    throw std::runtime_error("a process has no VmRSS: it is gone");
}

finished run(std::vector<std::string> const& command, std::vector<std::string> const& environment)
{
    scratch_directory const here;
    process one(command, here.path("stderr"), environment);
    finished out;
    out.output = one.all_output();
    out.status = one.exit_status();
    out.errors = one.errors();
    return out;
}

} // namespace e2e
