#include "policy/revocation.hpp"

#include "tests/policy/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using policy::revocation_list;
using policy::revoked_by;
using policy::vouched;
using test::at;
using test::now;
using test::sample_claims;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(revocations)

BOOST_AUTO_TEST_CASE(an_empty_list_matches_nothing)
{
    revocation_list const list(8, {});
    BOOST_TEST(!list.matches(sample_claims(), now));
    BOOST_TEST(list.size() == 0U);
}

BOOST_AUTO_TEST_CASE(each_id_is_matched_as_what_it_is)
{
    auto const about = sample_claims();
    for (auto what : {revoked_by::token_id, revoked_by::session, revoked_by::subject}) {
        std::string_view const right = what == revoked_by::token_id  ? about.jti
                                       : what == revoked_by::session ? about.sid
                                                                     : about.sub;
        for (auto const& id : {about.jti, about.sid, about.sub, about.jti + "x", about.jti.substr(1)}) {
            revocation_list list(8, {});
            list.add(what, id, now + 1s);
            BOOST_TEST(list.matches(about, now) == (id == right));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_revocation_ends)
{
    revocation_list list(8, {});
    list.add(revoked_by::token_id, sample_claims().jti, now);
    BOOST_TEST(list.matches(sample_claims(), now - 1s));
    BOOST_TEST(!list.matches(sample_claims(), now));
    list.forget_expired(now - 1s);
    BOOST_TEST(list.size() == 1U);
    list.forget_expired(now);
    BOOST_TEST(list.size() == 0U);
}

BOOST_AUTO_TEST_CASE(tokens_issued_later_can_be_spared)
{
    revocation_list list(8, {});
    auto about = sample_claims();
    list.add(revoked_by::subject, about.sub, now + 60s, vouched::verified, about.issued_at);
    BOOST_TEST(list.matches(about, now));
    about.issued_at += 1s;
    BOOST_TEST(!list.matches(about, now));
}

BOOST_AUTO_TEST_CASE(a_second_revocation_only_widens)
{
    revocation_list list(8, {});
    auto const about = sample_claims();
    list.add(revoked_by::subject, about.sub, now + 60s, vouched::verified, about.issued_at);
    list.add(revoked_by::subject, about.sub, now + 1s, vouched::verified, about.issued_at - 9s);
    BOOST_TEST(list.size() == 1U);
    BOOST_TEST(list.matches(about, now + 59s));
    list.add(revoked_by::subject, about.sub, now + 90s, vouched::verified, about.issued_at + 1s);
    auto later = about;
    later.issued_at += 1s;
    BOOST_TEST(list.matches(later, now + 89s));
}

BOOST_AUTO_TEST_CASE(an_id_that_no_token_has_is_not_kept)
{
    revocation_list list(8, {});
    for (auto what : {revoked_by::token_id, revoked_by::session, revoked_by::subject})
        list.add(what, "", now + 1s);
    list.add(revoked_by::token_id, std::string(65, 'x'), now + 1s);
    list.add(revoked_by::session, std::string(65, 'x'), now + 1s);
    list.add(revoked_by::subject, std::string(129, 'x'), now + 1s);
    BOOST_TEST(list.size() == 0U);
    list.add(revoked_by::token_id, std::string(64, 'x'), now + 1s);
    list.add(revoked_by::subject, std::string(128, 'x'), now + 1s);
    BOOST_TEST(list.size() == 2U);
    BOOST_TEST(!list.matches(policy::claims{}, now)); // a token without ids matches no entry
}

BOOST_AUTO_TEST_CASE(a_full_list_loses_what_would_leave_first)
{
    revocation_list list(2, {});
    auto const revoked = [&](std::string id) {
        return list.matches(policy::claims{.jti = std::move(id)}, now);
    };
    list.add(revoked_by::token_id, "a", now + 10s);
    list.add(revoked_by::token_id, "b", now + 5s);
    BOOST_TEST(list.overflowed() == 0U);
    list.add(revoked_by::token_id, "b", now + 6s); // there already: needs no room
    BOOST_TEST(list.overflowed() == 0U);

    list.add(revoked_by::token_id, "c", now + 20s);
    BOOST_TEST(list.overflowed() == 1U);
    BOOST_TEST(list.size() == 2U);
    BOOST_TEST((revoked("a") && !revoked("b") && revoked("c")));

    list.add(revoked_by::token_id, "d", now + 1s); // it would leave first itself
    BOOST_TEST(list.overflowed() == 2U);
    BOOST_TEST((revoked("a") && revoked("c") && !revoked("d")));
}

BOOST_AUTO_TEST_CASE(a_list_without_room_keeps_nothing)
{
    revocation_list list(0, {});
    list.add(revoked_by::token_id, "a", now + 1s);
    BOOST_TEST(list.size() == 0U);
    BOOST_TEST(list.overflowed() == 1U);
}

BOOST_AUTO_TEST_CASE(what_nobody_here_verified_pushes_out_only_its_like)
{
    revocation_list list(32, {}); // room for two unverified ones
    list.add(revoked_by::token_id, "mine", now + 1s);
    for (auto const* id : {"a", "b", "c", "d"})
        list.add(revoked_by::token_id, id, now + 60s + std::chrono::seconds(*id), vouched::unverified);
    BOOST_TEST(list.size() == 3U);
    auto about = sample_claims();
    about.jti = "mine";
    BOOST_TEST(list.matches(about, now));
    about.jti = "a";
    BOOST_TEST(!list.matches(about, now, vouched::unverified));
    about.jti = "d";
    BOOST_TEST(list.matches(about, now, vouched::unverified));
    BOOST_TEST(!list.matches(about, now, vouched::verified));
    list.forget_expired(now + 1h);
    BOOST_TEST(list.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_verified_word_makes_an_unverified_entry_count_for_all)
{
    revocation_list list(32, {});
    auto const about = sample_claims();
    list.add(revoked_by::token_id, about.jti, now + 60s, vouched::unverified);
    BOOST_TEST(!list.matches(about, now));
    list.add(revoked_by::token_id, about.jti, now + 30s, vouched::verified);
    BOOST_TEST(list.matches(about, now));
    BOOST_TEST(list.matches(about, now, vouched::unverified));
    list.forget_expired(now + 1h); // which counts the unverified ones
    for (auto const* id : {"a", "b", "c"})
        list.add(revoked_by::token_id, id, now + 60s, vouched::unverified);
    BOOST_TEST(list.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_end_of_all_that_there_is_makes_no_block_last_longer)
{
    revocation_list list(8, {});
    auto about = sample_claims();
    list.add(revoked_by::subject, about.sub, now + 10s);
    list.add(revoked_by::subject, about.sub, now + 60s, vouched::verified, about.issued_at);
    BOOST_TEST(list.size() == 1U);
    BOOST_TEST(list.matches(about, now + 59s));
    about.issued_at += 1s;
    BOOST_TEST(list.matches(about, now + 9s));
    BOOST_TEST(!list.matches(about, now + 10s));
}

BOOST_AUTO_TEST_CASE(a_copy_that_changes_leaves_the_other_as_it_is)
{
    revocation_list first(64, {});
    for (auto i = 0; i < 40; ++i)
        first.add(revoked_by::session, std::to_string(i), now + 10s);
    auto second = first;
    second.add(revoked_by::session, "new", now + 20s);
    second.forget_expired(now + 10s);
    auto const revoked = [](revocation_list const& by, std::string sid) {
        return by.matches(policy::claims{.sid = std::move(sid)}, now);
    };
    BOOST_TEST(first.size() == 40U);
    BOOST_TEST(second.size() == 1U);
    for (auto i = 0; i < 40; ++i)
        BOOST_TEST((revoked(first, std::to_string(i)) && !revoked(second, std::to_string(i))));
    BOOST_TEST((!revoked(first, "new") && revoked(second, "new")));
}

BOOST_AUTO_TEST_CASE(among_many_the_first_to_leave_makes_room_wherever_it_lies)
{
    constexpr auto room = 1000;
    revocation_list list(room, {});
    auto const revoked = [&](int i) { return list.matches(policy::claims{.jti = std::to_string(i)}, now); };
    for (auto i = 0; i < 2 * room; ++i) {
        list.add(revoked_by::token_id, std::to_string(i), now + 1s + std::chrono::seconds(i));
        if (i >= room) BOOST_TEST_REQUIRE((!revoked(i - room) && revoked(i - room + 1)));
    }
    BOOST_TEST(list.size() == static_cast<std::size_t>(room));
    BOOST_TEST(list.overflowed() == static_cast<std::size_t>(room));
    BOOST_TEST(list.added(revoked_by::token_id) == 2U * room);
    BOOST_TEST(list.added(revoked_by::subject) == 0U);
}

BOOST_AUTO_TEST_CASE(what_has_expired_leaves_in_small_steps_and_counts_no_more_at_once)
{
    revocation_list list(65'536, {});
    for (auto i = 0; i < 10'000; ++i)
        list.add(revoked_by::token_id, std::to_string(i), now + (i % 4 == 0 ? 90s : 10s));
    BOOST_TEST(list.in_force(now) == 10'000U);
    BOOST_TEST(list.in_force(now + 10s) == 2'500U);
    list.forget_expired(now + 10s);
    BOOST_TEST(list.size() > 2'500U); // there is more than one step to take
    for (auto steps = 0; steps < 64; ++steps)
        list.forget_expired(now + 10s);
    BOOST_TEST(list.size() == 2'500U);
    BOOST_TEST(list.in_force(now + 10s) == 2'500U);
    BOOST_TEST(list.matches(policy::claims{.jti = "4"}, now + 10s));
}

BOOST_AUTO_TEST_SUITE_END()
