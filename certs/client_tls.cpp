#include "certs/client_sessions.hpp"
#include "certs/host_name.hpp"
#include "certs/openssl_error.hpp"
#include "certs/pem.hpp"
#include "certs/spki_pins.hpp"
#include "certs/tls_common.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace certs {
namespace {

/// What the certificate must be for. Only names it states as such count, never its subject; a wildcard is a
/// whole label (RFC 9525 §6.3).
bool expect_name(X509_VERIFY_PARAM* checks, std::string const& name) noexcept
{
    // An empty name would switch the check off, so everything that is no name is refused before OpenSSL sees
    // it.
    auto const ip = is_ip_address(name);
    if (!ip && !is_dns_name(name)) return false;
    X509_VERIFY_PARAM_set_hostflags(
        checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // The other kind is cleared: OpenSSL would demand both.
    if (ip)
        return X509_VERIFY_PARAM_set1_host(checks, nullptr, 0) == 1 &&
               X509_VERIFY_PARAM_set1_ip_asc(checks, name.c_str()) == 1;
    return X509_VERIFY_PARAM_set1_ip(checks, nullptr, 0) == 1 &&
           X509_VERIFY_PARAM_set1_host(checks, name.data(), name.size()) == 1;
}

/// OpenSSL works out what a certificate is good for when it is first used. Here no thread waits for another
/// one to do it.
void work_out_uses(X509_STORE* store) noexcept
{
    constexpr int no_purpose = -1;
    auto const* const all = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(all); ++i)
        if (auto* const authority = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i)))
            X509_check_purpose(authority, no_purpose, 0);
}

void load_authorities(SSL_CTX* context, std::string const& file)
{
    auto* const store = SSL_CTX_get_cert_store(context);
    if (file.empty())
        require(SSL_CTX_set_default_verify_paths(context) == 1, "the system's CA store");
    else
        for (auto const& authority : read_certificates(file))
            require(X509_STORE_add_cert(store, authority.get()) == 1, file);
    work_out_uses(store);
}

void refuse_revoked(SSL_CTX* context, revocation_lists const& lists)
{
    if (lists.all.empty()) return;
    for (auto const& one : lists.all)
        require(X509_STORE_add_crl(SSL_CTX_get_cert_store(context), one.get()) == 1, "revocation lists");
    // The whole chain: an authority on the way may have been revoked as well.
    X509_VERIFY_PARAM_set_flags(
        SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

} // namespace

context_ptr make_client_context(client_tls_settings const& settings)
{
    auto context = new_context(TLS_client_method());
    load_authorities(context.get(), settings.ca_file);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    refuse_revoked(context.get(), settings.revoked);
    if (!settings.pins.empty()) demand_pins(context.get(), settings.pins);
    auto* const checks = SSL_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_clear_flags(checks, X509_V_FLAG_PARTIAL_CHAIN);
    // Set here, too: a connection on which `expect_server` was forgotten still accepts no other name.
    if (!expect_name(checks, settings.server_name))
        throw std::runtime_error("\"" + settings.server_name + "\" is neither a host name nor an IP address");
    // Unlike the rest of OpenSSL, this one returns 0 for success.
    require(SSL_CTX_set_alpn_protos(context.get(), alpn_http_1_1.data(), alpn_http_1_1.size()) == 0, "ALPN");
    client_sessions::enable(context.get());
    ERR_clear_error();
    return context;
}

bool expect_server(SSL* connection, std::string const& server_name) noexcept
{
    if (!expect_name(SSL_get0_param(connection), server_name)) return false;
    // RFC 6066 §3: an address is not a server name.
    // Not the macro SSL_set_tlsext_host_name: it hides a C cast. OpenSSL copies the name.
    auto* const sni = is_ip_address(server_name) ? nullptr : const_cast<char*>(server_name.c_str());
    auto const set = SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, sni) == 1;
    if (!set) ERR_clear_error();
    return set;
}

} // namespace certs
