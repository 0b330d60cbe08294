#include "gateway/cli/certificate_facts.hpp"

#include "certs/asn1_time.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace gateway::cli {

namespace {

struct deleter {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <class T>
using owned = std::unique_ptr<T, deleter>;

std::string text_of(ASN1_STRING const* from)
{
    auto const* bytes = ASN1_STRING_get0_data(from);
    return {bytes, bytes + ASN1_STRING_length(from)};
}

std::string address_of(ASN1_STRING const* from)
{
    std::array<char, INET6_ADDRSTRLEN> room{};
    auto const family = ASN1_STRING_length(from) == 4 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && ASN1_STRING_length(from) != 16) return "?";
    auto const* text = inet_ntop(family, ASN1_STRING_get0_data(from), room.data(), room.size());
    return text ? text : "?";
}

std::vector<std::string> names_of(X509 const* certificate)
{
    std::vector<std::string> out;
    auto const names = owned<GENERAL_NAMES>(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        auto const* one = sk_GENERAL_NAME_value(names.get(), i);
        if (one->type == GEN_DNS) out.push_back(text_of(one->d.dNSName));
        if (one->type == GEN_IPADD) out.push_back(address_of(one->d.iPAddress));
    }
    return out;
}

} // namespace

certificate_facts read_certificate(std::string const& name)
{
    auto const file = owned<BIO>(BIO_new_file(name.c_str(), "r"));
    auto const certificate =
        owned<X509>(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!certificate) throw std::runtime_error(name + " holds no certificate in PEM form");
    auto const end = certs::time_of(X509_get0_notAfter(certificate.get()));
    if (!end) throw std::runtime_error(name + " has no readable end date");
    return {names_of(certificate.get()), std::chrono::floor<std::chrono::days>(*end)};
}

} // namespace gateway::cli
