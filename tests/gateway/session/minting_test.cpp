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
    BOOST_TEST(session::mint_token(about, cipher, certs::system_random).empty());

    bench const b;
    session::endpoints const endpoints(b.config, b.sessions, b.judge, cipher, certs::system_random);
    session::own_request request;
    request.to = endpoint_name::access_token;
    request.head.verb = policy::method::post;
    request.head.api_key_field = all_key;
    auto const got = endpoints.handle(request, b.revoked, now);
    BOOST_TEST((std::get<fault>(got.reply) == fault::internal));
}

BOOST_AUTO_TEST_SUITE_END()
