#include "gateway/jail/landlock.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace gateway::jail {

namespace {

/// Rights that came with each version; the headers may be older than the kernel.
constexpr std::array<std::uint64_t, 5> rights_by_version{
    (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1, // 1: execute, write, read, list, remove, make: 13 of them
    1ULL << 13U,                             // 2: link and rename between directories
    1ULL << 14U,                             // 3: truncate
    0,                                       // 4: TCP ports, which are no files
    1ULL << 15U,                             // 5: control devices
};
constexpr std::uint64_t read_a_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t make_or_write_a_file = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG;
constexpr std::uint64_t read_all_beneath = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

struct descriptor {
    int number;
    explicit descriptor(long result) : number(static_cast<int>(result)) {}
    ~descriptor()
    {
        if (number >= 0) close(number);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
};

void require(bool good)
{
    if (!good) throw std::system_error(errno, std::generic_category(), "process.landlock");
}

/// All that this kernel can forbid.
std::uint64_t all_rights()
{
    auto const known = static_cast<std::size_t>(landlock_version());
    std::uint64_t rights = 0;
    for (std::size_t i = 0; i < rights_by_version.size() && i < known; ++i)
        rights |= rights_by_version[i];
    return rights;
}

void allow(descriptor const& rules, int beneath, std::uint64_t rights)
{
    landlock_path_beneath_attr rule{};
    rule.allowed_access = rights;
    rule.parent_fd = beneath;
    require(syscall(SYS_landlock_add_rule, rules.number, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) == 0);
}

void allow_reading(descriptor const& rules, std::string const& name)
{
    descriptor const at{open(name.c_str(), O_PATH | O_CLOEXEC)};
    struct stat about {};
    if (at.number < 0 || fstat(at.number, &about) != 0) return;
    allow(rules, at.number, S_ISDIR(about.st_mode) ? read_all_beneath : read_a_file);
}

} // namespace

int landlock_version() noexcept
{
    auto const version = syscall(SYS_landlock_create_ruleset, nullptr, 0UL, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : static_cast<int>(version);
}

void restrict_files(std::vector<std::string> const& readable, int writable)
{
    landlock_ruleset_attr handled{};
    handled.handled_access_fs = all_rights();
    constexpr auto first_member_alone =
        offsetof(landlock_ruleset_attr, handled_access_fs) + sizeof(handled.handled_access_fs);
    descriptor const rules{syscall(SYS_landlock_create_ruleset, &handled, first_member_alone, 0U)};
    require(rules.number >= 0);
    for (auto const& name : readable)
        allow_reading(rules, name);
    if (writable >= 0) allow(rules, writable, make_or_write_a_file);
    require(syscall(SYS_landlock_restrict_self, rules.number, 0U) == 0);
}

} // namespace gateway::jail
