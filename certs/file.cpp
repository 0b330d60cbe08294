#include "certs/file.hpp"

#include "certs/base64url.hpp"
#include "certs/random.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace certs {
namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;

[[noreturn]] void fail(std::filesystem::path const& path, std::string const& problem)
{
    throw std::runtime_error(path.string() + ": " + problem);
}

[[noreturn]] void fail_with_errno(std::filesystem::path const& path)
{
    fail(path, std::generic_category().message(errno));
}

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    descriptor(descriptor&&) = delete;
    descriptor& operator=(descriptor&&) = delete;
    ~descriptor()
    {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

/// False: errno says why.
bool write_all(int to, std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        auto const written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(to) == 0;
}

int open(std::filesystem::path const& path)
{
    auto const number =
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); // a pipe would wait
    if (number < 0) fail_with_errno(path);
    return number;
}

struct stat facts_of(descriptor const& file, std::filesystem::path const& path)
{
    struct stat about {};
    if (::fstat(file.number(), &about) != 0) fail_with_errno(path);
    if (!S_ISREG(about.st_mode)) fail(path, "is not a regular file");
    return about;
}

secret read_whole(descriptor const& from, std::filesystem::path const& path)
{
    auto const size = static_cast<std::size_t>(facts_of(from, path).st_size);
    if (size > file_bytes_max) fail(path, "is over 1 MiB");
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        auto const got = ::read(from.number(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_with_errno(path);
        if (got == 0) fail(path, "shrank while it was read");
        filled += static_cast<std::size_t>(got);
    }
    return secret(std::move(bytes));
}

void check_private(struct stat const& about, std::filesystem::path const& path)
{
    constexpr mode_t forbidden = S_IRWXO | S_IWGRP;
    constexpr mode_t permissions = 07777;
    if ((about.st_mode & forbidden) == 0) return;
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(about.st_mode & permissions));
    fail(
        path,
        "its mode is " + std::string(mode.data()) +
            ", but a key file must be closed to others, and to its group for writing; chmod 600 it (in "
            "Kubernetes: defaultMode: 0440)");
}

/// A name beside `path`, on the same file system, that nobody can have put there before.
std::filesystem::path name_beside(std::filesystem::path path)
{
    std::array<std::uint8_t, 9> bytes{};
    system_random(bytes);
    return path += "." + to_base64url(bytes);
}

} // namespace

secret read_file(std::filesystem::path const& path) { return read_whole(descriptor(open(path)), path); }

secret read_private_file(std::filesystem::path const& path)
{
    descriptor const from{open(path)};
    check_private(facts_of(from, path), path);
    return read_whole(from, path);
}

void check_private(std::filesystem::path const& path)
{
    struct stat about {};
    if (::stat(path.c_str(), &about) == 0) check_private(about, path);
}

void write_file(std::filesystem::path const& path, std::string_view bytes, mode_t mode)
{
    auto const beside = name_beside(path);
    descriptor const to{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (to.number() < 0) fail_with_errno(path);
    // The umask may take bits from the mode given to open, so it is set once more.
    auto const placed = write_all(to.number(), bytes) && ::fchmod(to.number(), mode) == 0 &&
                        ::rename(beside.c_str(), path.c_str()) == 0;
    if (!placed) {
        auto const why = errno;
        ::unlink(beside.c_str());
        errno = why;
        fail_with_errno(path);
    }
}

} // namespace certs
