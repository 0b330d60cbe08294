#include "certs/server_certificate.hpp"

#include "certs/asn1_time.hpp"
#include "certs/openssl_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace certs {
namespace {

using general_names = owned<GENERAL_NAMES, GENERAL_NAMES_free>;

std::string text_of(ASN1_STRING const* from)
{
    auto const* bytes = ASN1_STRING_get0_data(from);
    return {bytes, bytes + ASN1_STRING_length(from)};
}

/// The common name is not read: no client looks at it any more (RFC 9525 §6.3).
stated_names read_names(X509 const* leaf)
{
    stated_names stated;
    general_names const names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr))};
    for (int at = 0; at < sk_GENERAL_NAME_num(names.get()); ++at) {
        int kind = 0;
        auto const* value =
            static_cast<ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), at), &kind));
        if (kind == GEN_DNS) stated.dns.insert(text_of(value));
        if (kind == GEN_IPADD) stated.ip.insert(text_of(value));
    }
    ERR_clear_error();
    return stated;
}

/// A client that must look for the missing link, or sort the chain, refuses it (RFC 5246 §7.4.2; TLS 1.3
/// allows another order, but not all clients do).
void check_chain(std::vector<certificate> const& chain, std::string const& file)
{
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        auto* const issuer = chain[i + 1].get();
        auto const signs = X509_check_issued(issuer, chain[i].get()) == X509_V_OK &&
                           X509_verify(chain[i].get(), X509_get0_pubkey(issuer)) == 1;
        ERR_clear_error();
        if (signs) continue;
        throw std::runtime_error(
            file + ": certificate " + std::to_string(i + 2) + " did not issue certificate " +
            std::to_string(i + 1) + "; the leaf comes first, behind each certificate the one that issued it");
    }
}

struct free_stack {
    // The certificates stay with `server_certificate`.
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};

} // namespace

server_certificate read_server_certificate(certificate_files const& files)
{
    server_certificate got{read_certificates(files.chain), read_private_key(files.key), {}, {}};
    if (X509_check_private_key(got.chain.front().get(), got.key.get()) != 1) {
        ERR_clear_error();
        throw std::runtime_error(files.key + ": does not belong to the first certificate in " + files.chain);
    }
    check_chain(got.chain, files.chain);
    got.names = read_names(got.chain.front().get());
    if (got.names == stated_names{})
        throw std::runtime_error(
            files.chain + ": the certificate has no subject alternative names (DNS or IP)");
    auto const ends_at = time_of(X509_get0_notAfter(got.chain.front().get()));
    if (!ends_at) throw std::runtime_error(files.chain + ": the certificate has no readable end date");
    got.ends_at = *ends_at;
    return got;
}

void offer(SSL_CTX* context, server_certificate const& offered, certificate_files const& files)
{
    std::unique_ptr<STACK_OF(X509), free_stack> const rest{sk_X509_new_null()};
    auto const* const leaf = &offered.chain.front();
    for (auto const& cert : offered.chain)
        if (&cert != leaf) require(sk_X509_push(rest.get(), cert.get()) > 0, files.chain);

    constexpr int never_replace = 0;
    if (SSL_CTX_use_cert_and_key(context, leaf->get(), offered.key.get(), rest.get(), never_replace) == 1)
        return;
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_NOT_REPLACING_CERTIFICATE) {
        ERR_clear_error();
        throw std::runtime_error(
            files.chain +
            ": another certificate has the same names and the same kind of key; keep one of them");
    }
    throw_openssl_error(files.chain + ": cannot be served");
}

} // namespace certs
