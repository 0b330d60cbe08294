#include "gateway/session/in_process_revocations.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace gateway::session;
using gateway::published;
using policy::revoked_by;
using namespace std::chrono_literals;

namespace {

constexpr policy::seconds_since_epoch now{std::chrono::seconds(1'800'000'000)};

policy::claims of_ann(policy::seconds_since_epoch issued_at = now)
{
    policy::claims out;
    out.jti = "j";
    out.sid = "s";
    out.sub = "ann";
    out.issued_at = issued_at;
    out.expires_at = issued_at + 60s;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(revocation_store)

BOOST_AUTO_TEST_CASE(a_reader_sees_what_was_added_and_is_told_of_each)
{
    auto told = 0;
    in_process_revocations kept(16, {}, [&] { ++told; });
    revocations& store = kept;
    published<policy::revocation_list>::reader reader(store.list());
    BOOST_TEST(!reader.get().matches(of_ann(), now));
    store.add({revoked_by::subject, "ann", now + 60s, policy::vouched::verified, now}, now);
    BOOST_TEST(told == 1);
    BOOST_TEST(reader.get().matches(of_ann(), now));
    BOOST_TEST(!reader.get().matches(of_ann(now + 1s), now)); // signed in anew
}

BOOST_AUTO_TEST_CASE(it_keeps_no_more_than_it_may_and_no_longer_than_it_must)
{
    in_process_revocations store(256, {});
    for (auto i = 0; i < 1'000; ++i)
        store.add({revoked_by::session, std::to_string(i), now + 10s}, now);
    BOOST_TEST(store.list().latest()->size() == 256U);
    BOOST_TEST(store.list().latest()->overflowed() == 744U);
    store.add({revoked_by::session, "later", now + 60s}, now + 10s);
    BOOST_TEST(store.list().latest()->size() == 1U);
    BOOST_TEST(store.list().latest()->overflowed() == 744U);
}

BOOST_AUTO_TEST_CASE(every_thread_may_add)
{
    in_process_revocations store(10'000, {});
    {
        std::vector<std::jthread> threads;
        for (auto t = 0; t < 4; ++t)
            threads.emplace_back([&store, t] {
                for (auto i = 0; i < 250; ++i)
                    store.add({revoked_by::token_id, std::to_string(4 * i + t), now + 60s}, now);
            });
    }
    BOOST_TEST(store.list().latest()->size() == 1'000U);
    BOOST_TEST(store.list().latest()->added(revoked_by::token_id) == 1'000U);
}

BOOST_AUTO_TEST_CASE(the_last_expiry_covers_every_kind_of_token)
{
    gateway::token_config tokens;
    gateway::session_config sessions;
    tokens.lifetime_max = 60s;
    sessions.lifetime = 0s;
    BOOST_TEST((last_expiry(tokens, sessions, now) == now + 1h)); // Cartesia's
    tokens.lifetime_max = 2h;
    BOOST_TEST((last_expiry(tokens, sessions, now) == now + 2h));
    sessions.lifetime = 3h;
    BOOST_TEST((last_expiry(tokens, sessions, now) == now + 3h));
    tokens.judge.app = policy::app_token_rules{"https://app.example", "voice", 4h};
    tokens.judge.leeway = 5s;
    BOOST_TEST((last_expiry(tokens, sessions, now) == now + 4h + 5s));
}

BOOST_AUTO_TEST_SUITE_END()
