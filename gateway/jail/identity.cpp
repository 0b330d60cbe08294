#include "gateway/jail/identity.hpp"

#include "gateway/base/config.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <system_error>
#include <unistd.h>

namespace gateway::jail {

namespace {

constexpr auto user_field = "process.user";
constexpr auto root_field = "process.chroot";

std::string last_error() { return std::generic_category().message(errno); }

std::optional<uid_t> as_number(std::string const& name)
{
    uid_t number = 0;
    auto const* const end = name.data() + name.size();
    auto const read = std::from_chars(name.data(), end, number);
    // The greatest number stands for "leave it as it is" in setresuid(2).
    if (read.ec != std::errc{} || read.ptr != end || number == static_cast<uid_t>(-1)) return std::nullopt;
    return number;
}

std::vector<gid_t> groups_of(passwd const& user)
{
    constexpr int groups_max = 65'536; // NGROUPS_MAX
    std::vector<gid_t> groups(groups_max);
    int count = groups_max;
    getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count);
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

} // namespace

identity find_user(std::string const& name)
{
    auto const number = as_number(name);
    std::array<char, 16'384> room{};
    passwd entry{};
    passwd* found = nullptr;
    if (number)
        getpwuid_r(*number, &entry, room.data(), room.size(), &found);
    else
        getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (found) return {found->pw_uid, found->pw_gid, groups_of(*found)};
    if (number) return {*number, *number, {*number}};
    throw config_error(
        user_field, "there is no user called " + name + "; `useradd --system " + name + "` makes one");
}

void change_root(std::string const& directory)
{
    if (chroot(directory.c_str()) != 0 || chdir("/") != 0)
        throw config_error(root_field, "cannot make " + directory + " the root: " + last_error());
}

void become(identity const& who)
{
    auto const became = setgroups(who.groups.size(), who.groups.data()) == 0 &&
                        setresgid(who.group, who.group, who.group) == 0 &&
                        setresuid(who.user, who.user, who.user) == 0;
    if (!became) throw config_error(user_field, "cannot become that user: " + last_error());
    if (who.user != 0 && (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0))
        throw config_error(user_field, "the kernel lets that user become root again");
}

} // namespace gateway::jail
