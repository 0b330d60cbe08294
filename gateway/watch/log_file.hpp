#pragma once
#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace gateway::watch {

/// What a log is written to, open; closed with the object, unless it is standard output.
class log_file {
public:
    /// `descriptor`: -1 for nothing.
    explicit log_file(int descriptor) noexcept;
    log_file(log_file&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), regular_(other.regular_)
    {
    }
    log_file& operator=(log_file&& other) noexcept
    {
        std::swap(descriptor_, other.descriptor_);
        std::swap(regular_, other.regular_);
        return *this;
    }
    log_file(log_file const&) = delete;
    log_file& operator=(log_file const&) = delete;
    ~log_file();

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] bool open() const noexcept { return descriptor_ >= 0; }
    /// A write to it never waits for a reader.
    [[nodiscard]] bool regular() const noexcept { return regular_; }

private:
    int descriptor_;
    bool regular_;
};

/// Where a log lies: `stdout`, `off` or a file's name. The file's directory stays open, so that a confined
/// process (Landlock, another root, another user) still finds the name when the file has been put aside.
class log_place {
public:
    /// How a file is opened: appended to, and made where it is not there. O_NONBLOCK: a FIFO that nobody
    /// reads is an error, not a start that hangs.
    static int const how_to_open;

    /// Throws `std::runtime_error` naming the directory.
    explicit log_place(std::string const& where);
    ~log_place();
    log_place(log_place const&) = delete;
    log_place& operator=(log_place const&) = delete;

    /// A file that is made has mode 0640.
    [[nodiscard]] boost::system::result<log_file> open() const;
    /// -1: no file is written to.
    [[nodiscard]] int directory() const noexcept { return directory_; }

private:
    std::string name_; ///< in the directory
    int directory_ = -1;
    bool to_stdout_;
};

} // namespace gateway::watch
