#include "certs/dev_ca.hpp"

#include "certs/file.hpp"
#include "certs/pem.hpp"
#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/x509v3.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

struct made {
    scratch_directory scratch;
    fs::path directory = scratch / "deep" / "dev";
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now();

    void make(std::vector<std::string> const& names = {})
    {
        certs::make_development_certificates(directory, names, now);
    }
    [[nodiscard]] std::string text(std::string const& file) const
    {
        return std::string(certs::read_file(directory / file).reveal());
    }
    /// A client that trusts only the CA shakes hands with a server that holds the leaf.
    [[nodiscard]] bool accepted_as(std::string const& name) const
    {
        certs::ticket_keys tickets(certs::system_random);
        certs::server_tls const server(
            {
                {(directory / "localhost.pem").string(), (directory / "localhost.key").string()}
        },
            tickets);
        auto const client = certs::make_client_context({(directory / "ca.pem").string(), name});
        tls_pair pair(client.get(), server.context());
        return certs::expect_server(pair.client(), name) && pair.handshake();
    }
    [[nodiscard]] fs::perms mode(std::string const& file) const
    {
        return fs::status(directory / file).permissions();
    }
};

int days_between(ASN1_TIME const* from, ASN1_TIME const* until)
{
    int days = 0;
    int seconds = 0;
    ASN1_TIME_diff(&days, &seconds, from, until);
    return days;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(dev_ca, made)

BOOST_AUTO_TEST_CASE(a_browser_that_trusts_the_ca_accepts_the_leaf)
{
    make({"api.example.test", "*.voice.test", "192.0.2.7", "localhost"});
    for (auto const* name :
         {"localhost", "127.0.0.1", "::1", "api.example.test", "a.voice.test", "192.0.2.7"})
        BOOST_TEST(accepted_as(name), name);
    for (auto const* name : {"example.test", "127.0.0.2", "a.b.voice.test", "::2"})
        BOOST_TEST(!accepted_as(name), name);
}

BOOST_AUTO_TEST_CASE(keys_are_for_their_owner_only)
{
    make();
    auto const owner_only = fs::perms::owner_read | fs::perms::owner_write;
    BOOST_TEST((mode("ca.key") == owner_only));
    BOOST_TEST((mode("localhost.key") == owner_only));
    BOOST_TEST((mode("") == fs::perms::owner_all));
    // Nothing half-written is left beside them.
    BOOST_TEST(std::distance(fs::directory_iterator(directory), fs::directory_iterator()) == 4);
}

BOOST_AUTO_TEST_CASE(the_directory_is_private_also_when_named_with_a_slash)
{
    directory /= "";
    make();
    BOOST_TEST((mode(".") == fs::perms::owner_all));
}

BOOST_AUTO_TEST_CASE(the_certificates_are_what_rfc_5280_asks_for)
{
    make();
    auto const ca = std::move(certs::read_certificates(directory / "ca.pem").front());
    auto const chain = certs::read_certificates(directory / "localhost.pem");
    BOOST_TEST_REQUIRE(chain.size() == 1U);
    auto* const leaf = chain.front().get();

    certs::owned<X509_STORE, X509_STORE_free> const store{X509_STORE_new()};
    X509_STORE_add_cert(store.get(), ca.get());
    X509_STORE_set_flags(store.get(), X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
    certs::owned<X509_STORE_CTX, X509_STORE_CTX_free> const check{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(check.get(), store.get(), leaf, nullptr);
    X509_STORE_CTX_set_purpose(check.get(), X509_PURPOSE_SSL_SERVER);
    BOOST_TEST(X509_verify_cert(check.get()) == 1);

    BOOST_TEST(X509_get_version(leaf) == X509_VERSION_3);
    BOOST_TEST(X509_check_ca(leaf) == 0);
    BOOST_TEST(X509_check_ca(ca.get()) == 1);
    BOOST_TEST(X509_get_pathlen(ca.get()) == 0);
    BOOST_TEST(X509_get_extended_key_usage(leaf) == std::uint32_t{XKU_SSL_SERVER});
    BOOST_TEST(days_between(X509_get0_notBefore(leaf), X509_get0_notAfter(leaf)) == 397);
    BOOST_TEST(days_between(X509_get0_notBefore(ca.get()), X509_get0_notAfter(ca.get())) == 3650);
    BOOST_TEST(ASN1_INTEGER_cmp(X509_get0_serialNumber(leaf), X509_get0_serialNumber(ca.get())) != 0);
}

BOOST_AUTO_TEST_CASE(a_second_run_keeps_the_ca_and_renews_the_leaf)
{
    make();
    auto const ca = text("ca.pem");
    auto const key = text("ca.key");
    auto const leaf = text("localhost.pem");
    make({"more.test"});
    BOOST_TEST(text("ca.pem") == ca);
    BOOST_TEST(text("ca.key") == key);
    BOOST_TEST(text("localhost.pem") != leaf);
    BOOST_TEST(accepted_as("more.test"));
}

BOOST_AUTO_TEST_CASE(a_ca_that_cannot_sign_is_refused_by_name)
{
    auto const refuses = [this](std::string const& file) {
        BOOST_CHECK_EXCEPTION(make(), std::runtime_error, [&](auto const& error) {
            return std::string(error.what()).find(file) != std::string::npos;
        });
    };
    make();
    now += 24h * 3651;
    refuses("ca.pem: has expired");
    now -= 24h * 3651;

    fs::copy_file(directory / "localhost.key", directory / "ca.key", fs::copy_options::overwrite_existing);
    refuses("ca.key: does not belong");
    fs::remove(directory / "ca.key");
    refuses("ca.pem: is there without");
    std::ofstream(directory / "ca.key") << "no key";
    fs::permissions(directory / "ca.key", fs::perms{0644});
    refuses("ca.key: its mode is 0644");
    fs::permissions(directory / "ca.key", fs::perms{0600});
    refuses("ca.key: holds no");
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_made_is_refused_by_name)
{
    std::ofstream(scratch / "file") << "in the way";
    directory = scratch / "file";
    BOOST_CHECK_THROW(make(), std::runtime_error);
    directory = scratch / "file" / "below";
    BOOST_CHECK_THROW(make(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_is_no_name_never_reaches_openssl)
{
    for (auto const* name :
         {"", "a,DNS:b", "a b", ".test", "*", "*.", "a.*.test", "a..test", "[::1]", "1.2.3.4/8"})
        BOOST_CHECK_THROW(make({name}), std::runtime_error);
    BOOST_CHECK_THROW(make({std::string(64, 'a')}), std::runtime_error);
    BOOST_TEST(!fs::exists(directory));
}

BOOST_AUTO_TEST_SUITE_END()
