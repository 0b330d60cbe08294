#include "certs/issue.hpp"

#include "certs/openssl_error.hpp"
#include "certs/random.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>

namespace certs {
namespace {

void set_serial(X509* cert)
{
    // RFC 5280 §4.1.2.2: positive, at most 20 bytes; random, since nobody here counts.
    std::array<std::uint8_t, 16> bytes{};
    system_random(bytes);
    bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3fU) | 0x40U);
    owned<BIGNUM, BN_free> const number{BN_bin2bn(bytes.data(), bytes.size(), nullptr)};
    require(
        number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert)) != nullptr,
        "certificate: serial");
}

void set_times(X509* cert, certificate_terms const& terms)
{
    auto const seconds = [](auto when) { return std::chrono::system_clock::to_time_t(when); };
    auto const set = ASN1_TIME_set(X509_getm_notBefore(cert), seconds(terms.not_before)) != nullptr &&
                     ASN1_TIME_set(X509_getm_notAfter(cert), seconds(terms.not_after)) != nullptr;
    require(set, "certificate: validity");
}

void set_names(X509* cert, std::string const& common_name, X509* issuer)
{
    owned<X509_NAME, X509_NAME_free> const name{X509_NAME_new()};
    auto const add = [&](char const* field, std::string_view value) {
        return X509_NAME_add_entry_by_txt(
                   name.get(),
                   field,
                   MBSTRING_UTF8,
                   bytes_of(value),
                   static_cast<int>(value.size()),
                   -1,
                   0) == 1;
    };
    auto const set = name && add("O", "Voicegate development") && add("CN", common_name) &&
                     X509_set_subject_name(cert, name.get()) == 1 &&
                     X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1;
    require(set, "certificate: name");
}

void add_extension(X509* cert, X509* issuer, int kind, std::string const& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
    owned<X509_EXTENSION, X509_EXTENSION_free> const extension{
        X509V3_EXT_nconf_nid(nullptr, &context, kind, value.c_str())};
    require(extension && X509_add_ext(cert, extension.get(), -1) == 1, "certificate: " + value);
}

void add_extensions(X509* cert, X509* issuer, certificate_terms const& terms)
{
    auto const add = [&](int kind, std::string const& value) { add_extension(cert, issuer, kind, value); };
    add(NID_basic_constraints, terms.authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
    add(NID_key_usage, terms.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    if (!terms.authority) add(NID_ext_key_usage, "serverAuth");
    add(NID_subject_key_identifier, "hash");
    // A certificate that signs itself has its own key identifier already (RFC 5280 §4.2.1.1).
    if (issuer != cert) add(NID_authority_key_identifier, "keyid:always");
    if (!terms.alternative_names.empty()) add(NID_subject_alt_name, terms.alternative_names);
}

} // namespace

private_key make_p256_key()
{
    private_key key{EVP_EC_gen("P-256")};
    require(key != nullptr, "making a P-256 key");
    return key;
}

certificate issue(certificate_terms const& terms, EVP_PKEY* subject, identity const* issuer)
{
    certificate cert{X509_new()};
    auto const begun = cert && X509_set_version(cert.get(), X509_VERSION_3) == 1 &&
                       X509_set_pubkey(cert.get(), subject) == 1;
    require(begun, "certificate");
    auto* const issuer_cert = issuer != nullptr ? issuer->cert.get() : cert.get();
    auto* const issuer_key = issuer != nullptr ? issuer->key.get() : subject;
    set_serial(cert.get());
    set_times(cert.get(), terms);
    set_names(cert.get(), terms.common_name, issuer_cert);
    add_extensions(cert.get(), issuer_cert, terms);
    require(X509_sign(cert.get(), issuer_key, EVP_sha256()) > 0, "certificate: signature");
    return cert;
}

} // namespace certs
