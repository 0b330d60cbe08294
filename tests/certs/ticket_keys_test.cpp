#include "certs/tls_context.hpp"

#include "scratch.hpp"
#include "tls_pair.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <span>
#include <thread>

namespace data = boost::unit_test::data;

namespace {

/// Two names on two contexts: asking for the second makes the server switch, which tickets must survive.
struct resuming {
    test_authority ca;
    certs::ticket_keys tickets{certs::system_random};
    std::vector<certs::certificate_files> files{
        ca.issue({"first", "DNS:first.test"}), ca.issue({"second", "DNS:second.test"})};
    certs::server_tls server{files, tickets};

    struct visit {
        bool resumed;
        tls_session session;
    };

    /// One connection that offers `session` (null: none) and takes the ticket it is given.
    visit connect(int version, std::string const& name, SSL_SESSION* session, SSL_CTX* to)
    {
        auto const context = certs::make_client_context({ca.file(), name});
        tls_pair pair(context.get(), to);
        SSL_set_min_proto_version(pair.client(), version);
        SSL_set_max_proto_version(pair.client(), version);
        BOOST_TEST_REQUIRE(certs::expect_server(pair.client(), name));
        if (session != nullptr) SSL_set_session(pair.client(), session);
        BOOST_TEST_REQUIRE(pair.handshake());
        BOOST_TEST_REQUIRE(pair.exchange());
        BOOST_TEST(pair.server_shows(name));
        visit done{pair.resumed(), pair.session()};
        BOOST_TEST(SSL_SESSION_has_ticket(done.session.get()) == 1);
        // Closed in order: OpenSSL makes the session of a broken connection unfit for resumption.
        SSL_shutdown(pair.client());
        SSL_shutdown(pair.server());
        return done;
    }
    visit connect(int version, std::string const& name, SSL_SESSION* session)
    {
        return connect(version, name, session, server.context());
    }
};

bool same_ticket(SSL_SESSION const* a, SSL_SESSION const* b)
{
    auto const ticket = [](SSL_SESSION const* of) {
        unsigned char const* bytes = nullptr;
        std::size_t size = 0;
        SSL_SESSION_get0_ticket(of, &bytes, &size);
        return std::span(bytes, size);
    };
    return std::ranges::equal(ticket(a), ticket(b));
}

constexpr std::array versions{TLS1_2_VERSION, TLS1_3_VERSION};
constexpr std::array names{"first.test", "second.test"};

} // namespace

BOOST_AUTO_TEST_SUITE(ticket_keys)

BOOST_DATA_TEST_CASE_F(resuming, a_session_resumes, data::make(versions) * data::make(names), version, name)
{
    auto const first = connect(version, name, nullptr);
    BOOST_TEST(!first.resumed);
    auto const second = connect(version, name, first.session.get());
    BOOST_TEST(second.resumed);
    BOOST_TEST(connect(version, name, second.session.get()).resumed);
}

/// RFC 8446 §C.4: a client uses a ticket once, so that one that visits often needs a new one at each visit.
BOOST_FIXTURE_TEST_CASE(each_resumption_brings_the_next_ticket, resuming)
{
    auto const first = connect(TLS1_3_VERSION, "first.test", nullptr);
    auto const second = connect(TLS1_3_VERSION, "first.test", first.session.get());
    BOOST_TEST(second.resumed);
    BOOST_TEST(!same_ticket(first.session.get(), second.session.get()));
}

BOOST_DATA_TEST_CASE_F(
    resuming,
    it_resumes_after_one_rotation_and_not_after_two,
    data::make(versions) * data::make(names),
    version,
    name)
{
    auto const first = connect(version, name, nullptr);
    tickets.rotate();
    auto const renewed = connect(version, name, first.session.get());
    BOOST_TEST(renewed.resumed);
    tickets.rotate();
    BOOST_TEST(!connect(version, name, first.session.get()).resumed);
    // The ticket that came with the first resumption was sealed with the newer key.
    BOOST_TEST(connect(version, name, renewed.session.get()).resumed);
}

BOOST_DATA_TEST_CASE_F(resuming, a_reload_keeps_the_sessions, data::make(versions), version)
{
    auto const first = connect(version, "second.test", nullptr);
    certs::server_tls const reloaded(files, tickets);
    BOOST_TEST(connect(version, "second.test", first.session.get(), reloaded.context()).resumed);
}

BOOST_DATA_TEST_CASE_F(resuming, keys_of_another_process_open_nothing, data::make(versions), version)
{
    auto const first = connect(version, "first.test", nullptr);
    certs::ticket_keys others(certs::system_random);
    certs::server_tls const elsewhere(files, others);
    BOOST_TEST(!connect(version, "first.test", first.session.get(), elsewhere.context()).resumed);
}

/// For the thread sanitizer: one thread rotates while two shake hands. (Boost.Test's checks are not for
/// threads.)
BOOST_FIXTURE_TEST_CASE(keys_rotate_under_handshakes, resuming)
{
    std::atomic<int> completed{0};
    std::atomic<int> running{2};
    auto const shake_hands = [&] {
        for (int round = 0; round < 10; ++round) {
            auto const client = certs::make_client_context({ca.file(), "second.test"});
            tls_pair pair(client.get(), server.context());
            if (certs::expect_server(pair.client(), "second.test") && pair.handshake()) ++completed;
        }
        --running;
    };
    std::thread one(shake_hands);
    std::thread two(shake_hands);
    while (running != 0) {
        tickets.rotate();
        std::this_thread::yield(); // two cores may be all there is
    }
    one.join();
    two.join();
    BOOST_TEST(completed == 20);
}

BOOST_AUTO_TEST_SUITE_END()
