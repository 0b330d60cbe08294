#include "certs/spki_pins.hpp"

#include "certs/pem.hpp"
#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/pem.h>
#include <openssl/sslerr.h>

#include <array>

namespace {

constexpr auto name = "api.test";

certs::spki_pin pin_of_file(std::string const& chain)
{
    return certs::pin_of(certs::read_certificates(chain).front().get());
}

struct upstream {
    test_authority ca;
    certs::ticket_keys tickets{certs::system_random};
    certs::certificate_files leaf = ca.issue({"leaf", "DNS:api.test"});

    [[nodiscard]] long
    verdict(std::vector<certs::spki_pin> const& pins, std::string const& asked = name) const
    {
        certs::ticket_keys own{certs::system_random};
        certs::server_tls const server({leaf}, own);
        auto const context = certs::make_client_context({ca.file(), asked, {}, pins});
        tls_pair pair(context.get(), server.context());
        auto const accepted = pair.handshake();
        auto const why = SSL_get_verify_result(pair.client());
        BOOST_TEST(accepted == (why == X509_V_OK));
        if (!accepted) BOOST_TEST(pair.client_reason() == SSL_R_CERTIFICATE_VERIFY_FAILED);
        return why;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(spki_pins, upstream)

BOOST_AUTO_TEST_CASE(a_pin_is_what_other_tools_write)
{
    // openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    constexpr auto certificate = "-----BEGIN CERTIFICATE-----\n"
                                 "MIIBcjCCARmgAwIBAgIUbetA/7hxAPVOamlKS49Gag2IFxIwCgYIKoZIzj0EAwIw\n"
                                 "DjEMMAoGA1UEAwwDcGluMCAXDTI2MTEyNTE1NTY1MloYDzIxMjYxMTAxMTU1NjUy\n"
                                 "WjAOMQwwCgYDVQQDDANwaW4wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQTNeE4\n"
                                 "avR+An2sYaaNWKSzOIaQkTlZq/QX/A+QVtAkk0XXbpzxp/dK/oZwLVTX0uCPzwTO\n"
                                 "JaSidEDXLBdXtEnXo1MwUTAdBgNVHQ4EFgQUr3e5a0r2k+tVbHGVWLOx/Mkadeww\n"
                                 "HwYDVR0jBBgwFoAUr3e5a0r2k+tVbHGVWLOx/MkadewwDwYDVR0TAQH/BAUwAwEB\n"
                                 "/zAKBggqhkjOPQQDAgNHADBEAiBwB0Niw1HiujLbCxy/akHXQaycxPxuzlXTHZTI\n"
                                 "b8qqqgIgK20Vy5PXLO6XuyUu6J3VP+sV/1US4vC++OLheu+W6ls=\n"
                                 "-----END CERTIFICATE-----\n";
    certs::bio const text{BIO_new_mem_buf(certificate, -1)};
    certs::certificate const read{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    BOOST_TEST_REQUIRE(read.get() != nullptr);
    auto const pin = certs::read_pin("Xft4Z9omlfR20ZEZtAGA19DuWR9VFW4y4SCcpSt49uQ=");
    BOOST_TEST((pin && *pin == certs::pin_of(read.get())));
}

BOOST_AUTO_TEST_CASE(any_certificate_of_the_chain_may_match)
{
    auto const of_leaf = pin_of_file(leaf.chain);
    auto const of_authority = pin_of_file(ca.file());
    auto const of_nobody = pin_of_file(ca.issue({"other", "DNS:api.test"}).chain);
    BOOST_TEST(verdict({of_leaf}) == X509_V_OK);
    BOOST_TEST(verdict({of_authority}) == X509_V_OK);
    BOOST_TEST(verdict({of_nobody, of_leaf}) == X509_V_OK);
    BOOST_TEST(verdict({of_nobody}) == X509_V_ERR_APPLICATION_VERIFICATION);
    BOOST_TEST(verdict({certs::spki_pin{}}) == X509_V_ERR_APPLICATION_VERIFICATION);
}

BOOST_AUTO_TEST_CASE(a_pin_opens_nothing_that_is_closed_without_it)
{
    auto const of_leaf = pin_of_file(leaf.chain);
    BOOST_TEST(verdict({of_leaf}, "other.test") == X509_V_ERR_HOSTNAME_MISMATCH);
    test_authority const stranger;
    leaf = stranger.issue({"leaf", "DNS:api.test"});
    BOOST_TEST(verdict({pin_of_file(leaf.chain), of_leaf}) != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(there_is_one_way_to_write_a_pin)
{
    constexpr std::string_view good = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    auto const pin = certs::read_pin(good);
    BOOST_TEST_REQUIRE(pin.has_value());
    BOOST_TEST((*pin)[0] == 0xe3);
    BOOST_TEST((*pin)[31] == 0x55);
    for (std::string_view const bad :
         {"",
          "=",
          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
          "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
          " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
          "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="})
        BOOST_TEST(!certs::read_pin(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
