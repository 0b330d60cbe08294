#include "certs/dev_ca.hpp"

#include "certs/file.hpp"
#include "certs/host_name.hpp"
#include "certs/issue.hpp"
#include "certs/pem.hpp"

#include <openssl/asn1.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace certs {
namespace {

namespace fs = std::filesystem;
using time_point = std::chrono::system_clock::time_point;

constexpr std::chrono::days ca_lifetime{3650};
constexpr std::chrono::days leaf_lifetime{397}; // browsers refuse more than 398
constexpr std::chrono::minutes backdated{5};    // for a device whose clock is a little behind
constexpr mode_t key_mode = S_IRUSR | S_IWUSR;
constexpr mode_t certificate_mode = key_mode | S_IRGRP | S_IROTH;

[[noreturn]] void fail(fs::path const& path, std::string const& problem)
{
    throw std::runtime_error(path.string() + ": " + problem);
}

void make_private_directory(fs::path const& directory)
{
    std::error_code ec;
    auto path = fs::absolute(directory, ec);
    if (!path.has_filename()) path = path.parent_path(); // "dir/": else dir would count as a parent
    if (!ec) fs::create_directories(path.parent_path(), ec);
    if (ec) fail(directory, ec.message());
    if (::mkdir(path.c_str(), S_IRWXU) == 0) return;
    auto const why = errno;
    if (why != EEXIST || !fs::is_directory(path, ec)) fail(directory, std::generic_category().message(why));
}

identity make_authority(fs::path const& cert_file, fs::path const& key_file, time_point now)
{
    certificate_terms const terms{"Voicegate development CA", "", now - backdated, now + ca_lifetime, true};
    identity ca{nullptr, make_p256_key()};
    ca.cert = issue(terms, ca.key.get(), nullptr);
    write_file(key_file, pem_of(ca.key.get()).reveal(), key_mode);
    write_file(cert_file, pem_of(ca.cert.get()), certificate_mode);
    return ca;
}

identity read_authority(fs::path const& cert_file, fs::path const& key_file, time_point now)
{
    auto chain = read_certificates(cert_file);
    identity ca{std::move(chain.front()), read_private_key(key_file)};
    if (X509_check_private_key(ca.cert.get(), ca.key.get()) != 1)
        fail(key_file, "does not belong to the certificate in " + cert_file.string());
    auto seconds = std::chrono::system_clock::to_time_t(now);
    if (X509_cmp_time(X509_get0_notAfter(ca.cert.get()), &seconds) <= 0)
        fail(cert_file, "has expired; remove it and " + key_file.string() + " to make a new one");
    return ca;
}

identity find_or_make_authority(fs::path const& directory, time_point now)
{
    auto const cert_file = directory / "ca.pem";
    auto const key_file = directory / "ca.key";
    auto const has_cert = fs::exists(cert_file);
    auto const has_key = fs::exists(key_file);
    if (has_cert && has_key) return read_authority(cert_file, key_file, now);
    // A certificate without its key is one that some browser may trust; a key alone is half of a broken run.
    if (has_cert)
        fail(cert_file, "is there without " + key_file.string() + "; bring the key back or remove it");
    return make_authority(cert_file, key_file, now);
}

std::string alternative_names(std::vector<std::string> const& more)
{
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    for (auto const& name : more)
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);

    std::string text;
    for (auto const& name : names) {
        auto const pattern = name.starts_with("*.") ? name.substr(2) : name;
        // Nothing but a plain name gets into the text that OpenSSL parses: it knows commas and sections.
        if (is_ip_address(name))
            text += ",IP:" + name;
        else if (is_dns_name(pattern))
            text += ",DNS:" + name;
        else
            throw std::runtime_error("\"" + name + "\" is neither a host name nor an IP address");
    }
    return text.substr(1);
}

} // namespace

void make_development_certificates(
    fs::path const& directory,
    std::vector<std::string> const& names,
    std::chrono::system_clock::time_point now)
{
    auto const alternatives = alternative_names(names);
    make_private_directory(directory);
    auto const ca = find_or_make_authority(directory, now);

    auto const not_before = now - backdated;
    certificate_terms const terms{"localhost", alternatives, not_before, not_before + leaf_lifetime, false};
    auto const key = make_p256_key();
    auto const leaf = issue(terms, key.get(), &ca);
    write_file(directory / "localhost.key", pem_of(key.get()).reveal(), key_mode);
    write_file(directory / "localhost.pem", pem_of(leaf.get()), certificate_mode);
}

} // namespace certs
