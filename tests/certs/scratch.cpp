#include "scratch.hpp"

#include "certs/file.hpp"
#include "certs/pem.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

scratch_directory::scratch_directory()
{
    auto pattern = (fs::temp_directory_path() / "certs_test.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
}

scratch_directory::~scratch_directory()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

test_authority::test_authority(std::string const& name)
{
    auto const now = std::chrono::system_clock::now();
    identity_.key = certs::make_p256_key();
    identity_.cert = certs::issue({name, "", now - 2h, now + 2h, true}, identity_.key.get(), nullptr);
    certs::write_file(file(), certs::pem_of(identity_.cert.get()), 0644);
}

certs::certificate_files test_authority::write(leaf_order const& order, certs::identity const* issuer) const
{
    certs::private_key key;
    switch (order.kind) {
    case key_kind::p256:
        key = certs::make_p256_key();
        break;
    case key_kind::rsa_2048:
        key.reset(EVP_RSA_gen(2048U));
        break;
    case key_kind::rsa_1024:
        key.reset(EVP_RSA_gen(1024U));
        break;
    }
    auto const now = std::chrono::system_clock::now();
    certs::certificate_terms const terms{
        order.common_name, order.alternatives, now + order.valid_from, now + order.valid_until, false};
    auto const leaf = certs::issue(terms, key.get(), issuer);
    certs::certificate_files const files{
        (directory_ / (order.name + ".pem")).string(), (directory_ / (order.name + ".key")).string()};
    certs::write_file(files.chain, certs::pem_of(leaf.get()), 0644);
    certs::write_file(files.key, certs::pem_of(key.get()).reveal(), 0600);
    return files;
}

std::string test_authority::revoke(
    std::vector<std::string> const& revoked, std::chrono::hours made, std::chrono::hours next) const
{
    certs::revocation_list const list{X509_CRL_new()};
    using time = certs::owned<ASN1_TIME, ASN1_TIME_free>;
    auto const in = [](std::chrono::hours from_now) {
        return time(X509_gmtime_adj(nullptr, std::chrono::seconds(from_now).count()));
    };
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(identity_.cert.get()));
    X509_CRL_set1_lastUpdate(list.get(), in(made).get());
    X509_CRL_set1_nextUpdate(list.get(), in(next).get());
    for (auto const& file : revoked) {
        auto const chain = certs::read_certificates(file);
        auto* const entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(chain.front().get()));
        X509_REVOKED_set_revocationDate(entry, in(made).get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    if (X509_CRL_sign(list.get(), identity_.key.get(), EVP_sha256()) <= 0) throw std::runtime_error("sign");
    auto const path = (directory_ / "revoked.pem").string();
    certs::bio const out{BIO_new_file(path.c_str(), "w")};
    if (PEM_write_bio_X509_CRL(out.get(), list.get()) != 1) throw std::runtime_error(path);
    return path;
}
