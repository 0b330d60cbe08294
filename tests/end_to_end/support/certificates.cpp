#include "tests/end_to_end/support/certificates.hpp"

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

} // namespace

authority::authority() : key_(make_key(false), EVP_PKEY_free), certificate_(nullptr, X509_free)
{
    certificate_ = make("Test authority", key_.get(), -1, 30);
    extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign");
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

} // namespace e2e
