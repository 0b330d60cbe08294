#include "gateway/base/chars.hpp"
#include "gateway/base/config_rules.hpp"
#include "gateway/cli/certificate_facts.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/diagnosis.hpp"
#include "gateway/cli/doctor_upstream.hpp"
#include "gateway/cli/load.hpp"

#include <algorithm>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::cli {

namespace {

void examine_files(config const& of, std::string const& configuration_file, diagnosis& out)
{
    auto const flaws = unusable_files(of);
    for (auto const& flaw : flaws)
        out.wrong("files", flaw.what());
    struct stat about {};
    if (stat(configuration_file.c_str(), &about) == 0 && (about.st_mode & S_IWOTH) != 0)
        out.wrong("files", "everybody may change " + configuration_file, "chmod o-w " + configuration_file);
    else if (flaws.empty())
        out.ok("files", std::to_string(named_files(of).size()) + " can be read, and the keys by no stranger");
    if (geteuid() == 0 && of.process.user.empty())
        out.note(
            "files", "root may read everything: ask as who serves, runuser -u voicegate -- voicegate doctor");
}

/// What is in those that can be read.
std::vector<certificate_facts> examine_certificates(tls_config const& tls, diagnosis& out)
{
    auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    constexpr std::chrono::days soon{14};
    std::vector<certificate_facts> all;
    for (auto const& one : tls.certificates) {
        try {
            all.push_back(read_certificate(one.chain));
        } catch (std::runtime_error const& flaw) {
            out.wrong("certificate", flaw.what());
            continue;
        }
        auto const left = (all.back().last_day - today).count();
        if (left < 0)
            out.wrong("certificate", one.chain + " has expired", "renew it");
        else if (left < soon.count())
            out.wrong("certificate", one.chain + " expires in " + std::to_string(left) + " days", "renew it");
        else
            out.ok("certificate", one.chain + " is good for " + std::to_string(left) + " days");
    }
    return all;
}

void examine_descriptors(config const& of, diagnosis& out)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    std::uint64_t const threads = event_loops(of);
    auto const clients = threads * of.limits.connections;
    auto const needed = clients + clients / (upstream_share_of_descriptors - 1) + 1;
    auto const told = std::to_string(limit.rlim_max) + " may be open here, and " + std::to_string(threads) +
                      " threads take up to " + std::to_string(clients) + " clients";
    if (limit.rlim_max >= needed) return out.ok("descriptors", told);
    out.wrong(
        "descriptors",
        told,
        "allow " + std::to_string(needed) +
            ", twice as many for WebSockets (LimitNOFILE= in the unit), or lower limits.connections");
}

void examine_cookie(std::string const& name, diagnosis& out)
{
    if (name.starts_with("__Host-")) return out.ok("cookie", name + " can be set by no other host");
    out.wrong(
        "cookie",
        name + " can be set by other hosts of the domain, for the whole of it",
        "let tokens.cookie begin with __Host-");
}

/// The registrable domain, as far as it can be told without a list of public suffixes: the last two labels.
/// An address is a site of its own.
std::string_view site_of(std::string_view host)
{
    auto const last = host.rfind('.');
    if (last == std::string_view::npos || last == 0 || chars::is(chars::kind::digit, host.back()))
        return host;
    auto const before = host.rfind('.', last - 1);
    return before == std::string_view::npos ? host : host.substr(before + 1);
}

std::string_view host_of(std::string_view origin)
{
    auto const host = origin.substr(origin.find("://") + 3);
    return host.substr(0, host.find(':', host.starts_with('[') ? host.find(']') : 0));
}

/// Browsers send a cookie with SameSite=Strict for pages of the gateway's own site alone.
void examine_origins(
    std::vector<std::string> const& origins,
    std::vector<certificate_facts> const& certificates,
    diagnosis& out)
{
    if (origins.empty()) return out.ok("origins", "pages of the gateway's own host may use the cookie");
    for (auto const& origin : origins) {
        auto const is_of_that_site = [&](std::string const& name) {
            return site_of(name) == site_of(host_of(origin));
        };
        auto const is_beside = [&](certificate_facts const& one) {
            return std::ranges::any_of(one.names, is_of_that_site);
        };
        if (std::ranges::any_of(certificates, is_beside))
            out.ok("origins", origin + " is of the gateway's site, and may use the cookie");
        else
            out.wrong(
                "origins",
                "browsers send no cookie for " + origin +
                    ", which is of another site than the names in the certificates",
                "give the gateway a name of that site, or let the page send tokens");
    }
}

} // namespace

int doctor(arguments const& given, surroundings const& with)
{
    auto const file = *given.get("--config");
    auto const configuration = load_config(file);
    diagnosis out(with.out);
    examine_files(configuration, file, out);
    auto const certificates = examine_certificates(configuration.tls, out);
    examine_descriptors(configuration, out);
    examine_cookie(configuration.tokens.judge.cookie_name, out);
    examine_origins(configuration.tokens.judge.origins, certificates, out);
    examine_upstream(configuration.upstream, with.get, out);
    return out.healthy() ? exit_ok : exit_failed;
}

} // namespace gateway::cli
