#include "gateway/watch/log_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gateway::watch {

namespace {

bool is_regular_file(int descriptor) noexcept
{
    struct stat about {};
    return fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

} // namespace

log_file::log_file(int descriptor) noexcept : descriptor_(descriptor), regular_(is_regular_file(descriptor))
{
}

log_file::~log_file()
{
    if (descriptor_ > STDERR_FILENO) close(descriptor_);
}

int const log_place::how_to_open = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

log_place::log_place(std::string const& where) : to_stdout_(where == "stdout")
{
    if (to_stdout_ || where == "off") return;
    auto const path = std::filesystem::absolute(where);
    name_ = path.filename();
    directory_ = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory_ < 0)
        throw std::runtime_error(
            "log.access: cannot open the directory of " + where + ": " +
            std::generic_category().message(errno));
}

log_place::~log_place()
{
    if (directory_ >= 0) close(directory_);
}

boost::system::result<log_file> log_place::open() const
{
    if (directory_ < 0) return log_file(to_stdout_ ? STDOUT_FILENO : -1);
    auto const descriptor = openat(directory_, name_.c_str(), how_to_open, 0640);
    if (descriptor < 0) return boost::system::error_code(errno, boost::system::generic_category());
    return log_file(descriptor);
}

} // namespace gateway::watch
