/// Programs that a test starts, and the directory in which they find and leave their files.
#pragma once
#include "tests/end_to_end/support/waiting.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace e2e {

/// A fresh directory that goes away with its owner.
class scratch_directory {
public:
    scratch_directory();
    ~scratch_directory();
    scratch_directory(scratch_directory const&) = delete;
    scratch_directory& operator=(scratch_directory const&) = delete;

    [[nodiscard]] std::string path(std::string_view name) const { return (at_ / name).string(); }

private:
    std::filesystem::path at_;
};

[[nodiscard]] std::string read_file(std::string const& path); ///< empty when there is none
void write_file(std::string const& path, std::string_view content);

/// One program, started with its own environment less nothing. Its stderr goes to a file. It is killed, and
/// nothing else is, when its owner goes away; should the test itself be killed, the kernel ends it
/// (PR_SET_PDEATHSIG).
class process {
public:
    process(
        std::vector<std::string> const& command,
        std::string errors_file,
        std::vector<std::string> const& environment = {});
    ~process();
    process(process const&) = delete;
    process& operator=(process const&) = delete;

    [[nodiscard]] std::string next_line();  ///< of stdout; throws `timed_out`, or when the output ended
    [[nodiscard]] std::string all_output(); ///< of stdout up to its end
    void signal(int number) const;
    [[nodiscard]] int
    exit_status(deadline until = deadline{}); ///< 128 + n when signal n ended it; throws `timed_out`
    [[nodiscard]] bool running();
    [[nodiscard]] std::string errors() const { return read_file(errors_file_); }
    [[nodiscard]] std::size_t resident_bytes() const; ///< VmRSS
    [[nodiscard]] pid_t id() const { return id_; }

private:
    [[nodiscard]] bool reap(bool wait);
    [[nodiscard]] bool fill(deadline const& until);

    pid_t id_ = -1;
    int output_ = -1;
    std::string unread_;
    std::string errors_file_;
    std::optional<int> status_;
};

/// Runs a program to its end.
struct finished {
    int status = 0;
    std::string output;
    std::string errors;
};
[[nodiscard]] finished
run(std::vector<std::string> const& command, std::vector<std::string> const& environment = {});

} // namespace e2e
