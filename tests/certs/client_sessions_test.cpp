#include "certs/client_sessions.hpp"

#include "certs/tls_context.hpp"
#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/unit_test.hpp>

using certs::client_sessions;
using namespace std::chrono_literals;

namespace {

constexpr auto name = "api.test";

struct upstream {
    [[nodiscard]] certs::context_ptr client() const { return certs::make_client_context({ca.file(), name}); }

    /// One connection from handshake to its first bytes. True when it was resumed.
    [[nodiscard]] bool resumes(client_sessions& sessions, SSL_CTX* context)
    {
        client_sessions::seat at;
        tls_pair pair(context, server.context());
        BOOST_TEST_REQUIRE(sessions.prepare(pair.client(), at, now));
        BOOST_TEST_REQUIRE(pair.handshake());
        sessions.settle(pair.client(), at);
        BOOST_TEST_REQUIRE(pair.exchange());
        SSL_shutdown(pair.client());
        return pair.resumed();
    }

    test_authority ca;
    certs::ticket_keys tickets{certs::system_random};
    certs::server_tls server{{ca.issue({"leaf", "DNS:api.test,DNS:other.test"})}, tickets};
    client_sessions::time_point now{10h};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(client_sessions_of_one_server, upstream)

BOOST_AUTO_TEST_CASE(the_first_handshake_is_full_and_the_next_is_resumed)
{
    auto const context = client();
    client_sessions sessions(context.get(), name);
    BOOST_TEST(!resumes(sessions, context.get()));
    BOOST_TEST(sessions.kept() == 1U);
    for (auto i = 0; i < 5; ++i)
        BOOST_TEST(resumes(sessions, context.get()));
    BOOST_TEST(sessions.kept() == 1U); // each used its ticket up and got a new one
}

BOOST_AUTO_TEST_CASE(a_session_of_tls_1_2_is_used_again_and_so_is_a_renewed_one)
{
    auto const context = client();
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    client_sessions sessions(context.get(), name);
    BOOST_TEST(!resumes(sessions, context.get()));
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(resumes(sessions, context.get()));
}

BOOST_AUTO_TEST_CASE(no_more_than_the_newest_few_are_kept)
{
    auto const context = client();
    client_sessions sessions(context.get(), name);
    std::vector<std::unique_ptr<tls_pair>> open;
    std::vector<client_sessions::seat> seats(2 * client_sessions::kept_max);
    for (auto& at : seats) { // all at once, so that none finds a ticket
        open.push_back(std::make_unique<tls_pair>(context.get(), server.context()));
        BOOST_TEST_REQUIRE(sessions.prepare(open.back()->client(), at, now));
    }
    for (auto const& pair : open)
        BOOST_TEST_REQUIRE((pair->handshake() && pair->exchange()));
    BOOST_TEST(sessions.kept() == client_sessions::kept_max);
}

BOOST_AUTO_TEST_CASE(an_hour_after_the_full_handshake_there_is_another)
{
    auto const context = client();
    client_sessions sessions(context.get(), name);
    BOOST_TEST(!resumes(sessions, context.get()));
    for (auto minutes = 0; minutes < 50; minutes += 10) { // a chain of resumptions does not extend it
        now += 10min;
        BOOST_TEST(resumes(sessions, context.get()));
    }
    now += 10min;
    BOOST_TEST(!resumes(sessions, context.get()));
    BOOST_TEST(resumes(sessions, context.get()));
}

BOOST_AUTO_TEST_CASE(each_name_and_each_context_has_its_own)
{
    auto const context = client();
    client_sessions sessions(context.get(), name);
    BOOST_TEST(!resumes(sessions, context.get()));
    client_sessions others(context.get(), "other.test");
    BOOST_TEST(!resumes(others, context.get()));
    auto const stricter = client();
    BOOST_TEST(!resumes(sessions, stricter.get())); // nothing is offered
    BOOST_TEST(sessions.kept() == 1U);              // and nothing is kept
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_not_prepared_leaves_no_session)
{
    auto const context = client();
    tls_pair pair(context.get(), server.context());
    BOOST_TEST(pair.handshake());
    BOOST_TEST(pair.exchange());
    BOOST_TEST(SSL_CTX_sess_number(context.get()) == 0);
}

BOOST_AUTO_TEST_CASE(a_server_of_another_name_is_refused_in_spite_of_a_session)
{
    auto const context = client();
    client_sessions sessions(context.get(), name);
    BOOST_TEST(!resumes(sessions, context.get()));
    certs::ticket_keys strange_keys{certs::system_random};
    certs::server_tls const impostor({ca.issue({"impostor", "DNS:evil.test"})}, strange_keys);
    client_sessions::seat at;
    tls_pair pair(context.get(), impostor.context());
    BOOST_TEST_REQUIRE(sessions.prepare(pair.client(), at, now));
    BOOST_TEST(!pair.handshake());
}

BOOST_AUTO_TEST_SUITE_END()
