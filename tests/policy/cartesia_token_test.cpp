#include "tests/policy/samples.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace data = boost::unit_test::data;
using policy::denial;
using policy::grant;
using policy::grant_set;
using test::cartesia_header;
using test::cartesia_payload;
using test::jws;

BOOST_AUTO_TEST_SUITE(cartesia_tokens)

namespace {

auto read(std::string_view text) { return policy::read_cartesia(text, test::issuer); }

struct told_grants {
    std::string_view json;
    grant_set grants;
    friend std::ostream& operator<<(std::ostream& out, told_grants const& g) { return out << g.json; }
};

std::array const all_told{
    told_grants{"{}",                                                       {}                                    },
    told_grants{R"({"tts":true})",                                          {grant::tts}                          },
    told_grants{R"({"tts":true,"stt":true,"agent":true})",                  {grant::tts, grant::stt, grant::agent}},
    told_grants{R"({"tts":false,"stt":true})",                              {grant::stt}                          },
    told_grants{R"({"agent":true,"voices":true,"x":{"tts":true},"y":[1]})", {grant::agent}                        },
};

} // namespace

BOOST_AUTO_TEST_CASE(the_documented_form_is_read)
{
    auto const got = read(test::cartesia_token());
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->jti == "2Bz7q0ZUDMAo");
    BOOST_TEST(got->sid == "");
    BOOST_TEST(got->sub == "");
    BOOST_TEST((got->grants == grant_set{grant::tts}));
    BOOST_TEST((got->issued_at == test::at(1'744'749'554)));
    BOOST_TEST((got->not_before == got->issued_at));
    BOOST_TEST((got->expires_at == test::at(1'744'749'614)));
}

BOOST_AUTO_TEST_CASE(every_claim_of_ours_is_read)
{
    auto const got = read(
        jws(R"({"typ":"JWT","x":{"alg":"none"},"alg":"HS256"})",
            R"({"iss":"https://api.cartesia.ai","exp":9,"nbf":3,"iat":2,"jti":"j","sid":"s","sub":"user_1",)"
            R"("grants":{"stt":true},"org":{"exp":1,"deep":[{"iss":"x"}]},"note":"\u00e4"})"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->jti == "j");
    BOOST_TEST(got->sid == "s");
    BOOST_TEST(got->sub == "user_1");
    BOOST_TEST((got->not_before == test::at(3)));
    BOOST_TEST((got->issued_at == test::at(2)));
}

BOOST_DATA_TEST_CASE(grants_are_booleans, data::make(all_told), g)
{
    auto const got = read(test::cartesia_token(g.json));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST((got->grants == g.grants));
}

BOOST_AUTO_TEST_CASE(without_grants_and_ids_little_is_left)
{
    auto const token = jws(cartesia_header, R"({"iss":"https://api.cartesia.ai","exp":9})");
    auto const got = read(token);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->grants.empty());
    BOOST_TEST((got->issued_at == test::at(0)));
    BOOST_TEST((got->not_before == test::at(0)));
    BOOST_TEST(got->jti == "sig:" + token.substr(token.size() - 22)); // what a revocation can name it by
}

BOOST_DATA_TEST_CASE(
    a_header_must_name_hs256_once,
    data::make(
        {"",
         "{}",
         "[]",
         "\"HS256\"",
         R"({"typ":"JWT"})",
         R"({"alg":"none"})",
         R"({"alg":"hs256"})",
         R"({"alg":"RS256"})",
         R"({"alg":["HS256"]})",
         R"({"alg":null})",
         R"({"alg":"HS256","alg":"HS256"})",
         R"({"alg":"HS256","alg":"none"})",
         R"({"alg":"none","\u0061lg":"HS256"})",
         R"({"x":{"alg":"HS256"}})",
         R"({"alg":"HS256"} x)",
         R"({"alg":"HS256")"}),
    header)
{
    BOOST_TEST(read(jws(header, cartesia_payload())).error() == denial::token_malformed);
}

BOOST_DATA_TEST_CASE(
    a_payload_must_be_whole_and_within_bounds,
    data::make(
        {"",
         "{}",
         "[]",
         "null",
         R"({"exp":9})",
         R"({"iss":"https://api.cartesia.ai"})",
         R"({"iss":"https://api.cartesia.ai/","exp":9})",
         R"({"iss":"","exp":9})",
         R"({"iss":1,"exp":9})",
         R"({"iss":["https://api.cartesia.ai"],"exp":9})",
         R"({"iss":"https://api.cartesia.ai","iss":"https://api.cartesia.ai","exp":9})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"exp":9})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"\u0065xp":99})",
         R"({"iss":"https://api.cartesia.ai","exp":"9"})",
         R"({"iss":"https://api.cartesia.ai","exp":9.5})",
         R"({"iss":"https://api.cartesia.ai","exp":-9})",
         R"({"iss":"https://api.cartesia.ai","exp":253402300800})",
         R"({"iss":"https://api.cartesia.ai","exp":null})",
         R"({"iss":"https://api.cartesia.ai","exp":[9]})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"iat":"1"})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"nbf":true})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"jti":""})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"jti":7})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"sub":{}})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"sid":["s"]})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":["tts"]})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":true})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":"tts"})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":null})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":{"tts":1}})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":{"tts":"true"}})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":{"tts":{}}})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":{"tts":false,"tts":true}})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":{"tts":true,"tts":true}})",
         R"({"iss":"https://api.cartesia.ai","exp":9,"grants":{},"grants":{"tts":true}})",
         R"({"iss":"https://api.cartesia.ai","exp":9}{})",
         R"({"iss":"https://api.cartesia.ai","exp":9)"}),
    payload)
{
    BOOST_TEST(read(jws(cartesia_header, payload)).error() == denial::token_malformed);
}

BOOST_AUTO_TEST_CASE(ids_have_a_longest_length)
{
    auto const with = [](std::string_view claim, std::size_t size) {
        return read(
            jws(cartesia_header,
                R"({"iss":"https://api.cartesia.ai","exp":9,")" + std::string(claim) + "\":\"" +
                    std::string(size, 'x') + "\"}"));
    };
    for (auto claim : {"jti", "sid"}) {
        BOOST_TEST(with(claim, 64).has_value());
        BOOST_TEST(with(claim, 65).error() == denial::token_malformed);
    }
    BOOST_TEST(with("sub", 128).has_value());
    BOOST_TEST(with("sub", 129).error() == denial::token_malformed);
    BOOST_TEST(with("other", 2000).has_value());
    BOOST_TEST(with("other", 4000).error() == denial::token_malformed); // longer than any token
}

BOOST_AUTO_TEST_CASE(segments_must_be_canonical_base64url)
{
    auto const good = test::cartesia_token();
    BOOST_REQUIRE(read(good).has_value());
    BOOST_TEST(good.ends_with('E'));
    // Another spelling of the same 32 bytes of signature: it would slip past a revocation by signature.
    for (char c : std::string_view("FGHBC_-"))
        BOOST_TEST(read(good.substr(0, good.size() - 1) + c).error() == denial::token_malformed);
    BOOST_TEST(read(good + 'A').error() == denial::token_malformed);
    BOOST_TEST(read(good.substr(0, good.size() - 1)).error() == denial::token_malformed);
    BOOST_TEST(read(good + '=').error() == denial::token_malformed);
    BOOST_TEST(read(good + ".x").error() == denial::token_malformed);
    BOOST_TEST(read("eyJ!." + good.substr(good.find('.') + 1)).error() == denial::token_malformed);
    for (auto text : {"", "eyJ", "eyJ..", "a.b.c", "sk_car_x"})
        BOOST_TEST(read(text).error() == denial::token_malformed);
}

BOOST_AUTO_TEST_CASE(the_issuer_is_the_one_configured)
{
    BOOST_TEST(
        policy::read_cartesia(test::cartesia_token(), "https://localhost:9443").error() ==
        denial::token_malformed);
    auto const local = jws(cartesia_header, R"({"iss":"https://localhost:9443","exp":9})");
    BOOST_TEST(policy::read_cartesia(local, "https://localhost:9443").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
