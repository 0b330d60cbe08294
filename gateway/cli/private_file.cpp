#include "gateway/cli/private_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::cli {

namespace {

[[noreturn]] void refuse(std::string const& name)
{
    throw std::runtime_error(
        "cannot write " + name + ": " + std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
}

/// A file beside the one to be written; gone unless it was renamed.
class draft {
public:
    explicit draft(std::string const& name)
        : path_(name + ".XXXXXX"), number_(mkstemp(path_.data())) // mode 0600
    {
        if (number_ < 0) refuse(name);
    }
    ~draft()
    {
        close(number_);
        if (!path_.empty()) unlink(path_.c_str());
    }
    draft(draft const&) = delete;
    draft& operator=(draft const&) = delete;

    [[nodiscard]] bool write_all(std::string_view text) const
    {
        while (!text.empty()) {
            auto const written = write(number_, text.data(), text.size());
            if (written < 0) return false;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return fsync(number_) == 0;
    }
    [[nodiscard]] bool owned_like(std::string const& name) const
    {
        struct stat before {};
        if (stat(name.c_str(), &before) != 0) return errno == ENOENT;
        auto const is_ours = before.st_uid == geteuid() && before.st_gid == getegid();
        if (!is_ours && fchown(number_, before.st_uid, before.st_gid) != 0) return false;
        return fchmod(number_, S_IRUSR | S_IWUSR | (before.st_mode & S_IRGRP)) == 0;
    }
    [[nodiscard]] bool becomes(std::string const& name)
    {
        if (std::rename(path_.c_str(), name.c_str()) != 0) return false;
        path_.clear();
        return true;
    }

private:
    std::string path_;
    int number_;
};

} // namespace

void write_private_file(std::string const& name, std::string_view text)
{
    auto file = draft(name);
    if (!file.write_all(text) || !file.owned_like(name) || !file.becomes(name)) refuse(name);
}

} // namespace gateway::cli
