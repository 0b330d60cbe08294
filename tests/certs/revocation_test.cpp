// What authorities have revoked, as the upstream's side looks at it.
#include "certs/revocation_lists.hpp"

#include "certs/client_sessions.hpp"
#include "certs/tls_context.hpp"
#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace std::chrono_literals;

namespace {

constexpr auto name = "api.test";

std::chrono::sys_seconds now()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

struct upstream {
    test_authority ca;
    certs::ticket_keys tickets{certs::system_random};
    certs::certificate_files leaf = ca.issue({"leaf", "DNS:api.test"});
    certs::server_tls server{{leaf}, tickets};

    [[nodiscard]] certs::context_ptr client(std::string const& list) const
    {
        return certs::make_client_context({ca.file(), name, certs::load_revocation_lists(list, now())});
    }
    [[nodiscard]] long verdict(std::string const& list) const
    {
        auto const context = client(list);
        tls_pair pair(context.get(), server.context());
        auto const accepted = pair.handshake();
        BOOST_TEST(accepted == (SSL_get_verify_result(pair.client()) == X509_V_OK));
        return SSL_get_verify_result(pair.client());
    }
    static void refuses(std::string const& file, std::string const& says)
    {
        BOOST_CHECK_EXCEPTION(
            certs::load_revocation_lists(file, now()), std::runtime_error, [&](auto const& e) {
                BOOST_TEST_INFO(e.what());
                return std::string(e.what()).starts_with(file) &&
                       std::string(e.what()).find(says) != std::string::npos;
            });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(revocation, upstream)

BOOST_AUTO_TEST_CASE(what_is_revoked_is_refused_and_the_rest_is_not)
{
    auto const other = ca.issue({"other", "DNS:api.test"});
    BOOST_TEST(verdict(ca.revoke({})) == X509_V_OK);
    BOOST_TEST(verdict(ca.revoke({other.chain})) == X509_V_OK);
    BOOST_TEST(verdict(ca.revoke({other.chain, leaf.chain})) == X509_V_ERR_CERT_REVOKED);
}

BOOST_AUTO_TEST_CASE(what_no_list_is_about_is_refused)
{
    test_authority const stranger("another CA");
    BOOST_TEST(verdict(stranger.revoke({})) == X509_V_ERR_UNABLE_TO_GET_CRL);
}

BOOST_AUTO_TEST_CASE(a_list_that_no_authority_signed_is_refused)
{
    test_authority const stranger; // of the same name
    BOOST_TEST(verdict(stranger.revoke({})) == X509_V_ERR_CRL_SIGNATURE_FAILURE);
}

BOOST_AUTO_TEST_CASE(a_list_out_of_its_time_is_refused_when_it_is_read)
{
    refuses(ca.revoke({}, -2h, -1h), ": revocation list 1 has expired: the next one was due on ");
    refuses(ca.revoke({}, 1h, 2h), ": revocation list 1 is of the future");
    auto const good = certs::load_revocation_lists(ca.revoke({}, -1h, 1h), now());
    BOOST_TEST((good.good_until > now() + 59min && good.good_until <= now() + 1h));
    refuses(leaf.chain, "holds no revocation list");
    refuses((ca / "missing.pem").string(), "No such file");
}

BOOST_AUTO_TEST_CASE(a_list_that_expires_later_refuses_from_then_on)
{
    auto const file = ca.revoke({}, -2h, -1h);
    auto const then = now() - 90min; // when it was read
    auto const context =
        certs::make_client_context({ca.file(), name, certs::load_revocation_lists(file, then)});
    tls_pair pair(context.get(), server.context());
    BOOST_TEST(!pair.handshake());
    BOOST_TEST(SSL_get_verify_result(pair.client()) == X509_V_ERR_CRL_HAS_EXPIRED);
}

BOOST_AUTO_TEST_CASE(all_of_a_file_count)
{
    test_authority const other("another CA");
    auto const mine = ca.revoke({leaf.chain});
    auto const both = (ca / "both.pem").string();
    std::ofstream(both) << std::ifstream(other.revoke({})).rdbuf() << std::ifstream(mine).rdbuf();
    BOOST_TEST(certs::load_revocation_lists(both, now()).all.size() == 2U);
    BOOST_TEST(verdict(both) == X509_V_ERR_CERT_REVOKED);
}

BOOST_AUTO_TEST_CASE(a_session_from_before_is_not_resumed_and_none_of_an_old_connection_is_kept)
{
    auto const before = client(ca.revoke({}));
    certs::client_sessions sessions(before.get(), name);
    certs::client_sessions::seat first;
    certs::client_sessions::seat late;
    tls_pair pair(before.get(), server.context());
    tls_pair slow(before.get(), server.context());
    BOOST_TEST_REQUIRE(sessions.prepare(pair.client(), first, certs::client_sessions::time_point{1h}));
    BOOST_TEST_REQUIRE(sessions.prepare(slow.client(), late, certs::client_sessions::time_point{1h}));
    BOOST_TEST_REQUIRE((pair.handshake() && pair.exchange()));
    BOOST_TEST_REQUIRE(slow.handshake());
    BOOST_TEST(sessions.kept() > 0U);

    auto const after = client(ca.revoke({leaf.chain}));
    sessions.begin_anew(after.get());
    BOOST_TEST(sessions.kept() == 0U);
    BOOST_TEST(slow.exchange()); // what runs goes on, and gets its ticket now
    BOOST_TEST(sessions.kept() == 0U);
    certs::client_sessions::seat next;
    tls_pair again(after.get(), server.context());
    BOOST_TEST_REQUIRE(sessions.prepare(again.client(), next, certs::client_sessions::time_point{1h}));
    BOOST_TEST(!again.handshake());
}

BOOST_AUTO_TEST_SUITE_END()
