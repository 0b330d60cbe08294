#include "tests/end_to_end/support/certificates.hpp"

#include <array>
#include <cstdio>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <sys/stat.h>

namespace e2e {

namespace {

constexpr long day = 24L * 60 * 60;

EVP_PKEY* make_key(bool rsa)
{
    constexpr std::size_t rsa_bits = 2048;
    auto* const key = rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                          : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    if (!key) throw std::runtime_error("no key");
    return key;
}

void extend(X509* certificate, X509* issuer, int what, std::string const& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    if (!extension) throw std::runtime_error("no extension " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
void to_file(std::string const& path, Write write)
{
    auto* const file = std::fopen(path.c_str(), "wbe");
    if (!file || write(file) != 1) throw std::runtime_error("cannot write " + path);
    std::fclose(file);
    chmod(path.c_str(), S_IRUSR | S_IWUSR);
}

std::unique_ptr<X509, decltype(&X509_free)> read_certificate(std::string const& path)
{
    std::unique_ptr<BIO, decltype(&BIO_free_all)> const file(BIO_new_file(path.c_str(), "r"), BIO_free_all);
    std::unique_ptr<X509, decltype(&X509_free)> out(nullptr, X509_free);
    if (file) out.reset(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    if (!out) throw std::runtime_error("no certificate in " + path);
    return out;
}

} // namespace

authority::authority() : key_(make_key(false), EVP_PKEY_free), certificate_(nullptr, X509_free)
{
    certificate_ = make("Test authority", key_.get(), -1, 30);
    extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
}

authority::certificate_ptr authority::make(std::string const& name, EVP_PKEY* key, int from_days, int days)
{
    certificate_ptr out(X509_new(), X509_free);
    X509_set_version(out.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial_++);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), from_days * day);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), (from_days + days) * day);
    X509_set_pubkey(out.get(), key);
    auto* const subject = X509_get_subject_name(out.get());
    X509_NAME_add_entry_by_NID(
        subject,
        NID_commonName,
        MBSTRING_UTF8,
        reinterpret_cast<unsigned char const*>(name.c_str()),
        -1,
        -1,
        0);
    X509_set_issuer_name(out.get(), certificate_ ? X509_get_subject_name(certificate_.get()) : subject);
    return out;
}

void authority::write(std::string const& certificate_file) const
{
    to_file(certificate_file, [this](std::FILE* file) { return PEM_write_X509(file, certificate_.get()); });
}

void authority::issue(leaf const& what, std::string const& certificate_file, std::string const& key_file)
{
    key_ptr const key(make_key(what.rsa), EVP_PKEY_free);
    auto const made = make(what.name, key.get(), what.valid_from_days, what.valid_for_days);
    auto const names = what.name == "localhost" ? "DNS:localhost,IP:127.0.0.1,IP:::1" : "DNS:" + what.name;
    extend(made.get(), certificate_.get(), NID_subject_alt_name, names);
    extend(made.get(), certificate_.get(), NID_ext_key_usage, "serverAuth");
    X509_sign(made.get(), key_.get(), EVP_sha256());
    to_file(certificate_file, [&](std::FILE* file) { return PEM_write_X509(file, made.get()); });
    to_file(key_file, [&](std::FILE* file) {
        return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void authority::write_revocations(
    std::vector<std::string> const& revoked, std::string const& file, int good_for_days) const
{
    std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> const list(X509_CRL_new(), X509_CRL_free);
    std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> const at(ASN1_TIME_new(), ASN1_TIME_free);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.get()));
    X509_gmtime_adj(at.get(), -day);
    X509_CRL_set1_lastUpdate(list.get(), at.get());
    for (auto const& certificate : revoked) {
        auto* const entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(read_certificate(certificate).get()));
        X509_REVOKED_set_revocationDate(entry, at.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_gmtime_adj(at.get(), (good_for_days - 1) * day);
    X509_CRL_set1_nextUpdate(list.get(), at.get());
    X509_CRL_sort(list.get());
    if (X509_CRL_sign(list.get(), key_.get(), EVP_sha256()) <= 0) throw std::runtime_error("no signature");
    to_file(file, [&](std::FILE* to) { return PEM_write_X509_CRL(to, list.get()); });
}

std::string pin_of(std::string const& certificate_file)
{
    auto const certificate = read_certificate(certificate_file);
    unsigned char* der = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    std::array<unsigned char, 32> hash{};
    EVP_Q_digest(nullptr, "SHA256", nullptr, der, static_cast<std::size_t>(size), hash.data(), nullptr);
    OPENSSL_free(der);
    std::string out(44, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), hash.data(), hash.size());
    return out;
}

} // namespace e2e
