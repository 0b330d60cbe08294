#include "tests/gateway/session/bench.hpp"
#include "tests/stub_cipher.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace tests;

BOOST_AUTO_TEST_SUITE(minting)

BOOST_AUTO_TEST_CASE(ids_are_sixteen_characters_and_all_different)
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        auto const id = session::random_id(certs::system_random);
        BOOST_TEST_REQUIRE(id.size() == 16U);
        BOOST_TEST_REQUIRE(seen.insert(id).second);
    }
}

BOOST_AUTO_TEST_CASE(every_character_of_an_id_can_occur)
{
    std::uint8_t next = 0;
    auto const count_up = [&](std::span<std::uint8_t> out) {
        std::ranges::generate(out, [&] { return next++; });
    };
    std::set<char> seen;
    for (int i = 0; i < 16; ++i)
        for (auto c : session::random_id(count_up))
            seen.insert(c);
    BOOST_TEST(seen.size() == 64U);
}

BOOST_AUTO_TEST_CASE(an_ordinary_token_is_short)
{
    bench const b;
    BOOST_TEST(
        b.token(std::string(64, 'a'), {policy::grant::tts, policy::grant::stt, policy::grant::agent}).size() <
        512U);
}

BOOST_AUTO_TEST_CASE(a_cipher_that_fails_makes_no_token)
{
    test::stub_cipher const cipher(false);
    auto about = session::claims_for("", {}, std::chrono::seconds(1), {}, now);
    BOOST_TEST(session::mint_token(about, cipher, certs::system_random, now).empty());

    bench const b;
    session::endpoints const endpoints(
        b.config, b.sessions, b.judge, cipher, b.redeemed, b.proven, certs::system_random);
    session::own_request request;
    request.to = endpoint_name::access_token;
    request.head.verb = policy::method::post;
    request.head.api_key_field = all_key;
    auto const got = endpoints.handle(request, b.revoked, now);
    BOOST_TEST((std::get<fault>(got.reply) == fault::internal));
}

BOOST_AUTO_TEST_CASE(when_the_last_key_has_ended_minting_says_so)
{
    bench b;
    bench::ask const mint{
        policy::method::post, endpoint_name::access_token, {}, std::string(all_key), {}, {}};
    bench::ask const open{policy::method::post, endpoint_name::session, "Bearer " + b.token(), {}, {}, {}};
    b.keys.publish(one_key({.not_after = now + std::chrono::seconds(30)}));
    BOOST_TEST((std::holds_alternative<answer>(b.handle(mint, now + std::chrono::seconds(29)).reply)));
    BOOST_TEST((std::holds_alternative<answer>(b.handle(open, now + std::chrono::seconds(29)).reply)));
    auto const late = b.handle(mint, now + std::chrono::seconds(30));
    BOOST_TEST_REQUIRE((std::holds_alternative<fault>(late.reply)));
    BOOST_TEST((std::get<fault>(late.reply) == fault::no_sealing_key));
    auto const refused = b.handle(open, now + std::chrono::seconds(30)); // what it sealed has ended with it
    BOOST_TEST_REQUIRE((std::holds_alternative<policy::denial>(refused.reply)));
    BOOST_TEST((std::get<policy::denial>(refused.reply) == policy::denial::token_forged));
}

BOOST_AUTO_TEST_SUITE_END()
