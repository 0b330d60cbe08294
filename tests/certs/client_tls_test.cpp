#include "certs/tls_context.hpp"

#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <array>
#include <fstream>
#include <ostream>
#include <stdexcept>

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

namespace {

struct upstream {
    test_authority ca;
    certs::ticket_keys tickets{certs::system_random};

    /// X509_V_OK, or why the client refused a server with this certificate.
    long verdict(certs::certificate_files const& served, std::string const& ca_file, std::string const& name)
    {
        certs::server_tls const server({served}, tickets);
        auto const client = certs::make_client_context({ca_file, name});
        tls_pair pair(client.get(), server.context());
        BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), name));
        auto const accepted = pair.handshake();
        auto const why = SSL_get_verify_result(pair.client());
        BOOST_TEST(accepted == (why == X509_V_OK));
        if (!accepted) BOOST_TEST(pair.client_reason() == SSL_R_CERTIFICATE_VERIFY_FAILED);
        return why;
    }
    long verdict(leaf_order const& order, std::string const& name)
    {
        return verdict(ca.issue(order), ca.file(), name);
    }
};

struct name_case {
    char const* certified;
    char const* asked;
    long verdict;
};
std::ostream& operator<<(std::ostream& out, name_case const& c)
{
    return out << c.certified << " for " << c.asked;
}

constexpr std::array names{
    name_case{"DNS:api.test",        "api.test",         X509_V_OK                     },
    name_case{"DNS:api.test",        "API.Test",         X509_V_OK                     },
    name_case{"DNS:other.test",      "api.test",         X509_V_ERR_HOSTNAME_MISMATCH  },
    name_case{"DNS:api.test.evil",   "api.test",         X509_V_ERR_HOSTNAME_MISMATCH  },
    name_case{"DNS:test",            "api.test",         X509_V_ERR_HOSTNAME_MISMATCH  },
    name_case{"DNS:*.test.example",  "a.test.example",   X509_V_OK                     },
    name_case{"DNS:*.test.example",  "b.a.test.example", X509_V_ERR_HOSTNAME_MISMATCH  },
    name_case{"DNS:*.test.example",  "test.example",     X509_V_ERR_HOSTNAME_MISMATCH  },
    name_case{"DNS:a*.test.example", "ab.test.example",  X509_V_ERR_HOSTNAME_MISMATCH  },
    name_case{"IP:127.0.0.1",        "127.0.0.1",        X509_V_OK                     },
    name_case{"IP:::1",              "::1",              X509_V_OK                     },
    name_case{"IP:127.0.0.2",        "127.0.0.1",        X509_V_ERR_IP_ADDRESS_MISMATCH},
    name_case{"DNS:127.0.0.1",       "127.0.0.1",        X509_V_ERR_IP_ADDRESS_MISMATCH},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(client_tls, upstream)

BOOST_DATA_TEST_CASE_F(upstream, only_the_asked_name_is_accepted, data::make(names), c)
{
    BOOST_TEST(verdict({"leaf", c.certified}, c.asked) == c.verdict);
}

BOOST_AUTO_TEST_CASE(the_subject_is_no_name)
{
    leaf_order order{"leaf", "IP:192.0.2.1"};
    order.common_name = "api.test";
    BOOST_TEST(verdict(order, "api.test") == X509_V_ERR_HOSTNAME_MISMATCH);
}

BOOST_AUTO_TEST_CASE(a_certificate_out_of_its_time_is_refused)
{
    leaf_order order{"leaf", "DNS:api.test"};
    order.valid_until = -1h;
    order.valid_from = -2h;
    BOOST_TEST(verdict(order, "api.test") == X509_V_ERR_CERT_HAS_EXPIRED);
    order.valid_from = 1h;
    order.valid_until = 2h;
    BOOST_TEST(verdict(order, "api.test") == X509_V_ERR_CERT_NOT_YET_VALID);
}

BOOST_AUTO_TEST_CASE(a_chain_that_ends_elsewhere_is_refused)
{
    leaf_order const order{"leaf", "DNS:api.test"};
    test_authority const other;
    BOOST_TEST(verdict(other.issue(order), ca.file(), "api.test") != X509_V_OK);
    BOOST_TEST(
        verdict(ca.self_signed(order), ca.file(), "api.test") == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
    // The system's store knows neither.
    BOOST_TEST(verdict(ca.issue(order), "", "api.test") != X509_V_OK);
    // A leaf that is trusted itself is still no authority: no partial chains.
    auto const leaf = ca.issue(order);
    BOOST_TEST(verdict(leaf, leaf.chain, "api.test") != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_connection_without_expect_server_still_checks_the_name)
{
    certs::server_tls const server({ca.issue({"leaf", "DNS:other.test"})}, tickets);
    auto const client = certs::make_client_context({ca.file(), "api.test"});
    tls_pair pair(client.get(), server.context());
    BOOST_TEST(!pair.handshake());
    BOOST_TEST(SSL_get_verify_result(pair.client()) == X509_V_ERR_HOSTNAME_MISMATCH);
}

BOOST_AUTO_TEST_CASE(one_context_may_meet_names_and_addresses)
{
    certs::server_tls const server({ca.issue({"leaf", "DNS:api.test,IP:127.0.0.1"})}, tickets);
    auto const client = certs::make_client_context({ca.file(), "elsewhere.test"});
    for (auto const* name : {"api.test", "127.0.0.1", "api.test"}) {
        tls_pair pair(client.get(), server.context());
        BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), name));
        BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), "127.0.0.1"));
        BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), name));
        BOOST_TEST(pair.handshake(), name);
    }
}

BOOST_AUTO_TEST_CASE(names_go_into_sni_and_addresses_do_not)
{
    certs::server_tls const server({ca.issue({"leaf", "DNS:api.test,IP:127.0.0.1"})}, tickets);
    auto const client = certs::make_client_context({ca.file(), "api.test"});
    for (auto const* name : {"api.test", "127.0.0.1"}) {
        tls_pair pair(client.get(), server.context());
        BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), name));
        BOOST_TEST_REQUIRE(pair.handshake());
        auto const* sni = SSL_get_servername(pair.server(), TLSEXT_NAMETYPE_host_name);
        BOOST_TEST((sni != nullptr ? std::string(sni) : "") == (std::string(name) == "api.test" ? name : ""));
    }
}

BOOST_AUTO_TEST_CASE(it_offers_http_1_1)
{
    certs::server_tls const server({ca.issue({"leaf", "DNS:api.test"})}, tickets);
    auto const client = certs::make_client_context({ca.file(), "api.test"});
    tls_pair pair(client.get(), server.context());
    BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), "api.test"));
    BOOST_TEST_REQUIRE(pair.handshake());
    unsigned char const* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(pair.server(), &chosen, &size);
    BOOST_TEST(std::string(chosen, chosen + size) == "http/1.1");
}

BOOST_AUTO_TEST_CASE(a_cut_stream_is_an_error_and_no_end)
{
    certs::server_tls const server({ca.issue({"leaf", "DNS:api.test"})}, tickets);
    auto const client = certs::make_client_context({ca.file(), "api.test"});
    tls_pair pair(client.get(), server.context());
    BOOST_TEST_REQUIRE(pair.handshake());
    BOOST_TEST_REQUIRE(pair.exchange());
    pair.cut();
    char byte = 0;
    auto const got = SSL_read(pair.client(), &byte, 1);
    BOOST_TEST(SSL_get_error(pair.client(), got) == SSL_ERROR_SSL);
    BOOST_TEST(ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
    ERR_clear_error();
}

BOOST_AUTO_TEST_CASE(what_is_no_name_is_refused)
{
    auto const client = certs::make_client_context({ca.file(), "api.test"});
    certs::owned<SSL, SSL_free> const connection{SSL_new(client.get())};
    using namespace std::string_literals;
    for (auto const& name :
         {""s, ".test"s, "a..b"s, "a b"s, "*.test"s, "a\0b"s, "[::1]"s, "host:443"s, "1::2::3"s}) {
        BOOST_TEST(!certs::expect_server(connection.get(), name), name);
        BOOST_CHECK_THROW((void)certs::make_client_context({ca.file(), name}), std::runtime_error);
    }
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_does_not_load_is_named)
{
    auto const empty = (ca / "empty.pem").string();
    std::ofstream{empty} << "nothing";
    for (auto const& file : {empty, (ca / "missing.pem").string()})
        BOOST_CHECK_EXCEPTION(
            (void)certs::make_client_context({file, "api.test"}), std::runtime_error, [&](auto const& error) {
                return std::string(error.what()).find(file) != std::string::npos;
            });
}

BOOST_AUTO_TEST_SUITE_END()
