#include "certs/file.hpp"
#include "certs/tls_context.hpp"

#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sslerr.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace {

struct edge {
    test_authority ca;
    certs::ticket_keys tickets{certs::system_random};
    certs::context_ptr client = careless_client();

    [[nodiscard]] certs::server_tls serve(std::vector<leaf_order> const& orders)
    {
        std::vector<certs::certificate_files> files;
        for (auto const& order : orders)
            files.push_back(ca.issue(order));
        return {files, tickets};
    }
    void limit_client(int version) const
    {
        SSL_CTX_set_min_proto_version(client.get(), version);
        SSL_CTX_set_max_proto_version(client.get(), version);
    }
    /// A handshake that asks for `name`; empty: no SNI.
    [[nodiscard]] tls_pair ask(certs::server_tls const& server, std::string name) const
    {
        tls_pair pair(client.get(), server.context());
        if (!name.empty())
            SSL_ctrl(pair.client(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
        BOOST_TEST(pair.handshake());
        return pair;
    }
    void refuses(std::vector<certs::certificate_files> const& files, std::string const& says)
    {
        BOOST_CHECK_EXCEPTION(certs::server_tls(files, tickets), std::runtime_error, [&](auto const& error) {
            BOOST_TEST_INFO(error.what());
            return std::string(error.what()).find(says) != std::string::npos;
        });
        BOOST_TEST(ERR_peek_error() == 0U);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(server_tls, edge)

BOOST_AUTO_TEST_CASE(it_speaks_1_3_and_1_2_and_nothing_older)
{
    auto const server = serve({
        {"leaf", "DNS:a.test"}
    });
    limit_client(TLS1_3_VERSION);
    BOOST_TEST(ask(server, "a.test").protocol() == "TLSv1.3");
    limit_client(TLS1_2_VERSION);
    BOOST_TEST(ask(server, "a.test").protocol() == "TLSv1.2");

    SSL_CTX_set_security_level(client.get(), 0);
    limit_client(TLS1_1_VERSION);
    tls_pair old(client.get(), server.context());
    BOOST_TEST(!old.handshake());
    BOOST_TEST(old.server_reason() == SSL_R_UNSUPPORTED_PROTOCOL);
    BOOST_TEST(old.client_reason() == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
}

BOOST_AUTO_TEST_CASE(ciphers_are_the_servers_choice_and_always_forward_secret)
{
    auto const server = serve({
        {"leaf",        "DNS:a.test"      },
        { "rsa", "DNS:a.test", key_kind::rsa_2048}
    });
    limit_client(TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(client.get(), "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256");
    BOOST_TEST(SSL_get_cipher_name(ask(server, "a.test").client()) == "ECDHE-ECDSA-AES128-GCM-SHA256");
    SSL_CTX_set_cipher_list(client.get(), "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256");
    BOOST_TEST(SSL_get_cipher_name(ask(server, "a.test").client()) == "ECDHE-ECDSA-CHACHA20-POLY1305");
    SSL_CTX_set_cipher_list(
        client.get(), "AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-GCM-SHA256");
    tls_pair weak(client.get(), server.context());
    BOOST_TEST(!weak.handshake());
    BOOST_TEST(weak.server_reason() == SSL_R_NO_SHARED_CIPHER);
}

BOOST_AUTO_TEST_CASE(sni_chooses_the_certificate)
{
    auto const server = serve({
        {"first", "DNS:first.test"                     },
        {"wild",  "DNS:*.wild.test,DNS:exact.wild.test"},
        {"exact", "DNS:In.wild.test"                   }
    });
    for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        limit_client(version);
        BOOST_TEST(ask(server, "first.test").server_shows("first.test"));
        BOOST_TEST(ask(server, "any.wild.test").server_shows("any.wild.test"));
        BOOST_TEST(ask(server, "ANY.Wild.test").server_shows("any.wild.test"));
        // An exact name wins over a wildcard that came before it.
        BOOST_TEST(ask(server, "iN.wild.test").server_shows("in.wild.test"));
        BOOST_TEST(!ask(server, "in.wild.test").server_shows("any.wild.test"));
        for (auto const* unknown : {"", "nobody.test", "wild.test", "b.any.wild.test", ".wild.test"})
            BOOST_TEST(ask(server, unknown).server_shows("first.test"), unknown);
    }
}

BOOST_AUTO_TEST_CASE(ecdsa_and_rsa_stand_side_by_side)
{
    auto const server = serve({
        {"other",             "DNS:other.test"},
        {     "ec",       "DNS:a.test"                },
        { "rsa", "DNS:a.test",                 key_kind::rsa_2048}
    });
    limit_client(TLS1_3_VERSION);
    SSL_CTX_set1_sigalgs_list(client.get(), "ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256");
    BOOST_TEST(ask(server, "a.test").server_key_kind() == EVP_PKEY_EC);
    SSL_CTX_set1_sigalgs_list(client.get(), "rsa_pss_rsae_sha256");
    BOOST_TEST(ask(server, "a.test").server_key_kind() == EVP_PKEY_RSA);

    limit_client(TLS1_2_VERSION);
    SSL_CTX_set1_sigalgs_list(client.get(), "rsa_pss_rsae_sha256:rsa_pkcs1_sha256:ecdsa_secp256r1_sha256");
    BOOST_TEST(ask(server, "a.test").server_key_kind() == EVP_PKEY_EC);
    SSL_CTX_set_cipher_list(client.get(), "ECDHE-RSA-AES128-GCM-SHA256");
    BOOST_TEST(ask(server, "a.test").server_key_kind() == EVP_PKEY_RSA);
}

BOOST_AUTO_TEST_CASE(a_client_that_speaks_only_http_2_is_told_so)
{
    auto const server = serve({
        {"first",  "DNS:first.test" },
        {"second", "DNS:second.test"}
    });
    constexpr std::array<unsigned char, 3> only_h2{2, 'h', '2'};
    constexpr std::array<unsigned char, 12> both{2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    constexpr int alert = SSL_AD_REASON_OFFSET + SSL_AD_NO_APPLICATION_PROTOCOL;
    for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        limit_client(version);
        SSL_CTX_set_alpn_protos(client.get(), only_h2.data(), only_h2.size());
        tls_pair refused(client.get(), server.context());
        BOOST_TEST(!refused.handshake());
        BOOST_TEST(refused.client_reason() == alert);

        SSL_CTX_set_alpn_protos(client.get(), both.data(), both.size());
        for (auto const* name : {"first.test", "second.test"}) {
            auto const accepted = ask(server, name);
            unsigned char const* chosen = nullptr;
            unsigned size = 0;
            SSL_get0_alpn_selected(accepted.client(), &chosen, &size);
            BOOST_TEST(std::string(chosen, chosen + size) == "http/1.1");
        }
    }
}

BOOST_AUTO_TEST_CASE(renegotiation_is_refused) // CVE-2009-3555, CVE-2011-1473
{
    auto const server = serve({
        {"leaf", "DNS:a.test"}
    });
    limit_client(TLS1_2_VERSION);
    auto pair = ask(server, "a.test");
    BOOST_TEST_REQUIRE(SSL_renegotiate(pair.client()) == 1);
    SSL_do_handshake(pair.client());
    char byte = 0;
    BOOST_TEST(SSL_read(pair.server(), &byte, 1) <= 0);
    BOOST_TEST(SSL_do_handshake(pair.client()) <= 0);
    BOOST_TEST(ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_NO_RENEGOTIATION);
    ERR_clear_error();
}

BOOST_AUTO_TEST_CASE(every_context_has_the_modes_the_stream_relies_on)
{
    auto const server = serve({
        {"leaf", "DNS:a.test"}
    });
    auto const upstream = certs::make_client_context({ca.file(), "a.test"});
    constexpr long modes =
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
    for (auto* context : {server.context(), upstream.get()}) {
        BOOST_TEST((SSL_CTX_get_mode(context) & modes) == modes);
        BOOST_TEST(SSL_CTX_get_read_ahead(context) == 1);
        BOOST_TEST((SSL_CTX_get_options(context) & SSL_OP_IGNORE_UNEXPECTED_EOF) == 0U);
        BOOST_TEST(SSL_CTX_get_max_early_data(context) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_served_is_refused_by_name)
{
    auto const good = ca.issue({"good", "DNS:a.test"});
    auto const other = ca.issue({"other", "DNS:b.test"});
    auto const rsa = ca.issue({"rsa", "DNS:a.test", key_kind::rsa_2048});
    auto const weak = ca.issue({"weak", "DNS:a.test", key_kind::rsa_1024});
    auto const nameless = ca.issue({"nameless", ""});
    auto const again = ca.issue({"again", "DNS:a.test"});
    auto const garbage = (ca / "garbage.pem").string();
    std::ofstream{garbage} << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    auto const missing = (ca / "missing.pem").string();
    auto const empty = (ca / "empty.key").string();
    certs::write_file(empty, "", 0440); // as a service manager hands it out

    refuses({}, "no TLS certificate");
    refuses(
        {
            {missing, good.key}
    },
        missing + ": No such file");
    refuses(
        {
            {good.chain, missing}
    },
        missing + ": No such file");
    refuses(
        {
            {ca.file().substr(0, ca.file().rfind('/')), good.key}
    },
        "not a regular file");
    refuses(
        {
            {good.key, good.key}
    },
        good.key + ": holds no certificate");
    refuses(
        {
            {garbage, good.key}
    },
        garbage + ": certificate 1 cannot be read");
    refuses(
        {
            {good.chain, good.chain}
    },
        good.chain + ": its mode is 0644, but a key file must be closed to others");
    refuses(
        {
            {good.chain, empty}
    },
        empty + ": holds no unencrypted private key");
    refuses(
        {
            {good.chain, other.key}
    },
        other.key + ": does not belong");
    refuses(
        {
            {good.chain, rsa.key}
    },
        rsa.key + ": does not belong");
    refuses({nameless}, nameless.chain + ": the certificate has no subject alternative names");
    refuses({good, again}, again.chain + ": another certificate");
    refuses({weak}, weak.chain + ": cannot be served: ee key too small");
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_is_refused_and_nobody_is_asked)
{
    auto const files = ca.issue({"leaf", "DNS:a.test"});
    auto const key = certs::make_p256_key();
    certs::bio const out{BIO_new_file(files.key.c_str(), "w")};
    char phrase[] = "phrase";
    PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), phrase, 6, nullptr, nullptr);
    BIO_flush(out.get());
    refuses({files}, files.key + ": holds no unencrypted private key");
}

BOOST_AUTO_TEST_SUITE_END()
