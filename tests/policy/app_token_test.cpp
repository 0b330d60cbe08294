#include "policy/app_token.hpp"

#include "policy/judge.hpp"
#include "tests/policy/toy_cipher.hpp"
#include "tests/policy/toy_verifier.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace data = boost::unit_test::data;
using policy::denial;
using policy::grant;
using policy::grant_set;
using policy::token_kind;
using test::app_header;
using test::app_payload;
using test::at;
using test::now;
using test::toy_verifier;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(app_tokens)

namespace {

policy::app_token_rules rules() { return {"https://app.example", "voice", 1h}; }

auto open(std::string_view text, std::chrono::seconds leeway = 0s)
{
    return policy::open_signed_by_app(text, toy_verifier{}, rules(), now, leeway);
}

auto open_payload(std::string_view payload) { return open(toy_verifier{}.token(app_header, payload)); }

struct payload_case {
    std::string_view name;
    std::string payload;
    friend std::ostream& operator<<(std::ostream& out, payload_case const& c) { return out << c.name; }
};

/// The four that must be there, then `more`.
std::string least(std::string_view more = "", std::string_view audience = "\"voice\"")
{
    return R"({"iss":"https://app.example","exp":1744749614,"grants":{"agent":true},"aud":)" +
           std::string(audience) + std::string(more) + "}";
}

std::vector<payload_case> const& flawed()
{
    static std::vector<payload_case> const all{
        {"empty",                ""                                                                            },
        {"no object",            "[]"                                                                          },
        {"nothing in it",        "{}"                                                                          },
        {"no iss",               R"({"exp":1744749614,"aud":"voice","grants":{"tts":true}})"                   },
        {"no aud",               R"({"iss":"https://app.example","exp":1744749614,"grants":{"tts":true}})"     },
        {"no exp",               R"({"iss":"https://app.example","aud":"voice","grants":{"tts":true}})"        },
        {"no grants",            R"({"iss":"https://app.example","aud":"voice","exp":1744749614})"             },
        {"other iss",            R"({"iss":"https://app.example/","exp":1744749614,"aud":"voice","grants":{}})"},
        {"iss twice",            least(R"(,"iss":"https://app.example")")                                      },
        {"other aud",            least("",                                                                       "\"voices\"")},
        {"aud among none",                      least("",                                                                                     "[]")},
        {"aud among others",                 least("",           R"(["a","b"])")},
        {"aud no text",least("",                                                   "1")},
        {"aud with a number",          least("",                                                                                   R"(["voice",1])")},
        {"aud in an array",                      least("",                                                                                  R"([["voice"]])")},
        {"aud an object",     least("", R"({"voice":"voice"})")},
        {"aud twice",least(R"(,"aud":"voice")")},
        {"exp twice",        least(R"(,"exp":1744749614)")                                                                         },
        {"unknown twice",                      least(R"(,"z":1,"z":1)")                                                                                         },
        {"exp no number",                      R"({"iss":"https://app.example","aud":"voice","exp":"1","grants":{}})"                                                                                                                     },
        {"exp not whole",                      R"({"iss":"https://app.example","aud":"voice","exp":1744749614.5,"grants":{}})"            },
        {"exp in milliseconds",
         R"({"iss":"https://app.example","aud":"voice","exp":1744749614000,"grants":{}})"},
        {"exp negative",                      R"({"iss":"https://app.example","aud":"voice","exp":-1,"grants":{}})"},
        {"grants a list",                      R"({"iss":"https://app.example","aud":"voice","exp":1744749614,"grants":["tts"]})"                                                                   },
        {"grant no flag",
         R"({"iss":"https://app.example","aud":"voice","exp":1744749614,"grants":{"tts":1}})"                                                                                          },
        {"grant twice",
         R"({"iss":"https://app.example","aud":"voice","exp":1744749614,"grants":{"tts":false,"tts":true}})"                                                                                                                     },
        {"iat no number",                      least(R"(,"iat":"x")")                  },
        {"nbf no number",                      least(R"(,"nbf":null)")},
        {"jti too long",                      least(R"(,"jti":")" + std::string(policy::id_bytes_max + 1,'j') + "\"")},
        {"jti empty",                      least(R"(,"jti":"")")                                                                   },
        {"sid no text",                      least(R"(,"sid":7)")                                                                                         },
        {"sub too long",          least(R"(,"sub":")" + std::string(policy::subject_bytes_max + 1,                                                                                                                        's') + "\"")},
        {"sub an object",least(R"(,"sub":{"id":"x"})")},
        {"something after it",least() + "{}"},
    };
    return all;
}

/// A judge that takes all kinds, and what it says of a token.
struct court {
    policy::judge_settings settings;
    policy::route_table routes;
    test::toy_cipher cipher;
    toy_verifier verifier;
    policy::revocation_list revoked{16, {}};
    policy::judge judge{settings, routes, cipher, &verifier};

    court() { settings.app = rules(); }

    auto decide(std::string const& token, policy::seconds_since_epoch when = now)
    {
        auto const authorization = "Bearer " + token;
        return judge.decide(
            {.verb = policy::method::post, .raw_target = "/tts/bytes", .authorization = authorization},
            revoked,
            when);
    }
    denial refused(std::string const& token, policy::seconds_since_epoch when = now)
    {
        auto const got = decide(token, when);
        BOOST_REQUIRE(got.has_error());
        return got.error();
    }
    [[nodiscard]] std::string good() const { return verifier.token(app_header, app_payload()); }
};

} // namespace

BOOST_AUTO_TEST_CASE(every_claim_is_read)
{
    auto const got = open_payload(app_payload(R"("z":{"exp":1,"deep":[1]},"email":"a@b",)"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->jti == "j-1");
    BOOST_TEST(got->sid == "s-1");
    BOOST_TEST(got->sub == "user_7");
    BOOST_TEST((got->grants == grant_set{grant::tts}));
    BOOST_TEST((got->issued_at == at(1'744'749'554)));
    BOOST_TEST((got->not_before == at(1'744'749'550)));
    BOOST_TEST((got->expires_at == at(1'744'749'614)));
}

BOOST_AUTO_TEST_CASE(four_claims_are_enough)
{
    auto const token = toy_verifier{}.token(app_header, least());
    auto const got = open(token);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->jti == "sig:" + token.substr(token.size() - 22));
    BOOST_TEST(got->sid == got->jti);
    BOOST_TEST(got->sub == "");
    BOOST_TEST((got->not_before == at(0)));
    BOOST_TEST((open_payload(least(R"(,"jti":"a")"))->sid == "a"));
    BOOST_TEST((open_payload(least(R"(,"iat":5)"))->not_before == at(5)));
}

BOOST_AUTO_TEST_CASE(only_the_gateway_says_when_the_app_was_asked)
{
    auto const got = open_payload(least(R"(,"authorized_at":"never")"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(!got->authorized_at.has_value());
}

BOOST_AUTO_TEST_CASE(the_audience_may_be_one_of_several)
{
    BOOST_TEST(open_payload(least("", R"(["a","voice","b"])")).has_value());
    BOOST_TEST(open_payload(least("", R"(["voice"])")).has_value());
}

BOOST_DATA_TEST_CASE(what_a_token_must_say_it_must_say_well, data::make(flawed()), c)
{
    auto const got = open_payload(c.payload);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == denial::token_malformed);
}

BOOST_AUTO_TEST_CASE(a_token_that_nobody_signed_is_forged_whatever_it_says)
{
    BOOST_TEST(open(test::jws(app_header, app_payload())).error() == denial::token_forged);
    BOOST_TEST(open(test::jws(app_header, "{}")).error() == denial::token_forged);
    BOOST_TEST(open(toy_verifier("app-2").token(app_header, app_payload())).error() == denial::token_forged);
}

BOOST_AUTO_TEST_CASE(a_token_that_lives_too_long_is_refused)
{
    auto const until = [](std::int64_t exp) {
        return toy_verifier{}.token(
            app_header,
            R"({"iss":"https://app.example","aud":"voice","grants":{},"exp":)" + std::to_string(exp) + "}");
    };
    auto const most = 1'744'749'600 + 3600;
    BOOST_TEST(open(until(most)).has_value());
    BOOST_TEST(open(until(most + 1)).error() == denial::token_malformed);
    BOOST_TEST(open(until(most + 5), 5s).has_value());
    BOOST_TEST(open(until(most + 6), 5s).error() == denial::token_malformed);
}

BOOST_AUTO_TEST_CASE(the_judge_takes_what_the_app_signed)
{
    court c;
    auto const got = c.decide(c.good());
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST((got->who().kind == token_kind::signed_by_app));
    BOOST_TEST(got->who().about.sub == "user_7");
    BOOST_TEST(policy::is_verified_here(got->who().kind));
    BOOST_TEST(c.verifier.verifications == 1U);
}

BOOST_AUTO_TEST_CASE(lifetime_grants_and_revocations_count_as_ever)
{
    court c;
    BOOST_TEST(c.refused(c.good(), at(1'744'749'614)) == denial::token_expired);
    BOOST_TEST(c.refused(c.good(), at(1'744'749'549)) == denial::token_not_yet_valid);
    BOOST_TEST(c.refused(c.verifier.token(app_header, least())) == denial::grant_missing);
    c.revoked.add(policy::revoked_by::session, "s-1", now + 1s);
    BOOST_TEST(c.refused(c.good()) == denial::token_revoked);
}

/// Whoever is told apart wrongly must gain nothing: each side refuses what is the other's.
BOOST_AUTO_TEST_CASE(what_names_cartesia_is_cartesias_and_the_rest_is_the_apps)
{
    court c;
    auto const cartesia = c.decide(test::cartesia_token());
    BOOST_REQUIRE(cartesia.has_value());
    BOOST_TEST((cartesia->who().kind == token_kind::cartesia));
    BOOST_TEST(!policy::is_verified_here(cartesia->who().kind));
    BOOST_TEST(c.verifier.verifications == 0U);

    // signed by the app, and yet not taken as verified: it says that it is Cartesia's, which knows no ES256
    BOOST_TEST(c.refused(c.verifier.token(app_header, test::cartesia_payload())) == denial::token_malformed);
    // an HS256 token that names the app as its issuer never goes upstream
    BOOST_TEST(c.refused(test::jws(test::cartesia_header, app_payload())) == denial::token_forged);
    // two issuers: whichever a reader believes, it must be signed, and then it is flawed
    auto const both = app_payload(R"("iss":"https://api.cartesia.ai",)");
    BOOST_TEST(c.refused(test::jws(test::cartesia_header, both)) == denial::token_forged);
    BOOST_TEST(c.refused(c.verifier.token(app_header, both)) == denial::token_malformed);
    c.settings.accepts_cartesia = false;
    BOOST_TEST(c.refused(test::cartesia_token()) == denial::token_kind_not_accepted);
    BOOST_TEST(c.decide(c.good()).has_value());
}

BOOST_AUTO_TEST_CASE(without_rules_or_keys_none_is_taken)
{
    court c;
    policy::judge const keyless(c.settings, c.routes, c.cipher);
    auto const authorization = "Bearer " + c.good();
    policy::request const of{
        .verb = policy::method::post, .raw_target = "/tts/bytes", .authorization = authorization};
    BOOST_TEST(keyless.decide(of, c.revoked, now).error() == denial::token_forged);
    c.settings.app.reset();
    BOOST_TEST(c.refused(c.good()) == denial::token_malformed); // as any JWS that is not Cartesia's
    BOOST_TEST(c.verifier.verifications == 0U);
}

BOOST_AUTO_TEST_CASE(an_unverified_word_revokes_no_verified_token)
{
    court c;
    c.revoked.add(policy::revoked_by::token_id, "j-1", now + 60s, policy::vouched::unverified);
    BOOST_TEST(c.decide(c.good()).has_value());
    c.revoked.add(policy::revoked_by::token_id, "j-1", now + 1s, policy::vouched::verified);
    BOOST_TEST(c.refused(c.good()) == denial::token_revoked);
}

BOOST_AUTO_TEST_SUITE_END()
