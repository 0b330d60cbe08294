#include "gateway/jail/readable_paths.hpp"

#include "certs/system_store.hpp"
#include "gateway/base/config_rules.hpp"

#include <filesystem>
#include <set>

namespace gateway::jail {

namespace {

using std::filesystem::path;

/// Where a name leads to through all links; empty: nowhere.
path destination(path const& name)
{
    std::error_code nowhere;
    return std::filesystem::canonical(name, nowhere);
}

class path_list {
public:
    void add(path const& name)
    {
        if (!name.empty()) all_.insert(name.string());
    }
    /// The file's directory, and that of the file it stands for.
    void add_place_of(path const& file)
    {
        add(file.parent_path());
        add(destination(file).parent_path());
    }
    [[nodiscard]] std::vector<std::string> take() const { return {all_.begin(), all_.end()}; }

private:
    std::set<std::string> all_;
};

void add_authorities(path_list& out)
{
    for (auto const& name : certs::system_store_paths()) {
        out.add(name);
        out.add(destination(name));
    }
    // The store's directory is full of links to these.
    out.add("/usr/share/ca-certificates");
    out.add("/usr/local/share/ca-certificates");
    out.add("/etc/pki");
}

void add_look_ups(path_list& out)
{
    for (auto const* name : {"/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf"})
        out.add(name);
    // Programs that learn of name servers put a new file in its place. Often it is a link to a directory of
    // theirs; where it is not, all of /etc that the user may read stays readable.
    out.add(destination("/etc/resolv.conf").parent_path());
}

} // namespace

std::vector<std::string>
readable_paths(config const& of, std::string const& config_file, environment const& get)
{
    path_list out;
    if (!config_file.empty()) out.add_place_of(config_file);
    for (auto const& file : named_files(of))
        out.add_place_of(file.name);
    if (!of.upstream.api_key.credential.empty()) out.add(get("CREDENTIALS_DIRECTORY").value_or(""));
    add_authorities(out);
    add_look_ups(out);
    return out.take();
}

} // namespace gateway::jail
