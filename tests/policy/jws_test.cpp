#include "policy/jws.hpp"

#include "tests/policy/toy_verifier.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace data = boost::unit_test::data;
using policy::denial;
using test::app_header;
using test::toy_verifier;

BOOST_AUTO_TEST_SUITE(jws)

namespace {

boost::system::result<std::string, denial>
open(std::string_view text, toy_verifier const& with = toy_verifier{})
{
    std::array<std::uint8_t, policy::token_bytes_max> payload;
    auto const size = policy::open_jws(text, with, payload);
    if (!size) return size.error();
    return std::string(reinterpret_cast<char const*>(payload.data()), *size);
}

struct header_case {
    std::string_view name;
    std::string_view header;
    friend std::ostream& operator<<(std::ostream& out, header_case const& c) { return out << c.name; }
};

constexpr std::array taken{
    header_case{"as libraries write it", app_header                                                    },
    header_case{"no typ",                R"({"alg":"ES256","kid":"app-1"})"                            },
    header_case{"no kid",                R"({"alg":"ES256"})"                                          },
    header_case{"small typ",             R"({"alg":"ES256","typ":"jwt"})"                              },
    header_case{"media type",            R"({"alg":"ES256","typ":"application/JWT"})"                  },
    header_case{"access token",          R"({"alg":"ES256","typ":"at+jwt"})"                           },
    header_case{"both",                  R"({"alg":"ES256","typ":"Application/AT+JWT"})"               },
    header_case{"unknown members",       R"({"alg":"ES256","x5t":"A","cty":"json","z":{"alg":"none"}})"},
    header_case{"white space",           "{ \"alg\" : \"ES256\",\n\t\"kid\" : \"app-1\" }"             },
};

constexpr std::array malformed{
    header_case{"empty object",            "{}"                                             },
    header_case{"no JSON",                 "ES256"                                          },
    header_case{"array",                   R"(["ES256"])"                                   },
    header_case{
                "something after",         R"({"alg":"ES256"} )"
        "x"                                               },
    header_case{"no alg",                  R"({"kid":"app-1"})"                             },
    header_case{"alg null",                R"({"alg":null})"                                },
    header_case{"alg list",                R"({"alg":["ES256"]})"                           },
    header_case{"alg empty",               R"({"alg":""})"                                  },
    header_case{"alg twice",               R"({"alg":"ES256","alg":"ES256"})"               },
    header_case{"alg twice, once escaped", R"({"alg":"ES256","\u0061lg":"none"})"           },
    header_case{"kid twice",               R"({"alg":"ES256","kid":"app-1","kid":"app-1"})" },
    header_case{"unknown twice",           R"({"alg":"ES256","z":1,"z":2})"                 },
    header_case{"kid a number",            R"({"alg":"ES256","kid":1})"                     },
    header_case{"kid empty",               R"({"alg":"ES256","kid":""})"                    },
    header_case{"typ of another",          R"({"alg":"ES256","typ":"logout+jwt"})"          },
    header_case{"typ JOSE",                R"({"alg":"ES256","typ":"JOSE"})"                },
    header_case{"typ a number",            R"({"alg":"ES256","typ":1})"                     },
    header_case{"crit",                    R"({"alg":"ES256","crit":["exp"],"exp":1})"      },
    header_case{"crit empty",              R"({"alg":"ES256","crit":[]})"                   },
    header_case{"crit null",               R"({"alg":"ES256","crit":null})"                 },
    header_case{"b64",                     R"({"alg":"ES256","b64":true})"                  },
    header_case{"zip",                     R"({"alg":"ES256","zip":"DEF"})"                 },
    header_case{"jwk",                     R"({"alg":"ES256","jwk":{"kty":"EC"}})"          },
    header_case{"jku",                     R"({"alg":"ES256","jku":"https://evil.example"})"},
    header_case{"x5u",                     R"({"alg":"ES256","x5u":"https://evil.example"})"},
    header_case{"x5c",                     R"({"alg":"ES256","x5c":[]})"                    },
};

constexpr std::array unknown_keys{
    header_case{"none",            R"({"alg":"none"})"                        },
    header_case{"None",            R"({"alg":"None","kid":"app-1"})"          },
    header_case{"other algorithm", R"({"alg":"HS256","kid":"app-1"})"         },
    header_case{"other key",       R"({"alg":"ES256","kid":"app-2"})"         },
    header_case{"path as a kid",   R"({"alg":"ES256","kid":"../../dev/null"})"},
};

} // namespace

BOOST_DATA_TEST_CASE(headers_that_ask_for_a_signature_check_alone_pass, data::make(taken), c)
{
    auto const got = open(toy_verifier{}.token(c.header, "payload"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(*got == "payload");
}

BOOST_DATA_TEST_CASE(other_headers_are_refused_before_any_cryptography, data::make(malformed), c)
{
    toy_verifier const keys;
    auto const got = open(keys.token(c.header, "payload"), keys);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == denial::token_malformed);
    BOOST_TEST(keys.verifications == 0U);
}

BOOST_DATA_TEST_CASE(a_key_that_is_not_there_makes_a_forgery, data::make(unknown_keys), c)
{
    auto const got = open(toy_verifier{}.token(c.header, "payload"));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == denial::token_forged);
}

BOOST_AUTO_TEST_CASE(too_many_header_members_are_refused)
{
    std::string header = R"({"alg":"ES256")";
    for (std::size_t i = 1; i < policy::jws_header_members_max; ++i)
        header += ",\"m" + std::to_string(i) + "\":0";
    BOOST_TEST(open(toy_verifier{}.token(header + "}", "")).has_value());
    BOOST_TEST(open(toy_verifier{}.token(header + ",\"z\":0}", "")).has_error());
}

BOOST_AUTO_TEST_CASE(long_key_ids_are_refused)
{
    auto const header = [](std::size_t bytes) {
        return R"({"alg":"ES256","kid":")" + std::string(bytes, 'k') + "\"}";
    };
    toy_verifier const keys(std::string(policy::jws_key_id_bytes_max, 'k'));
    BOOST_TEST(open(keys.token(header(policy::jws_key_id_bytes_max), "x"), keys).has_value());
    BOOST_TEST(open(keys.token(header(policy::jws_key_id_bytes_max + 1), "x"), keys).has_error());
}

/// Every character of a token replaced by another: never good, and mostly not even read.
BOOST_AUTO_TEST_CASE(any_change_is_noticed)
{
    auto const good = toy_verifier{}.token(app_header, test::app_payload());
    BOOST_REQUIRE(open(good).has_value());
    for (std::size_t at = 0; at < good.size(); ++at)
        for (char c : {'A', 'B', '_', '.', '=', ' ', '+'}) {
            if (good[at] == c) continue;
            auto bad = good;
            bad[at] = c;
            BOOST_TEST(open(bad).has_error(), bad);
        }
}

BOOST_AUTO_TEST_CASE(segments_must_be_three_and_in_canonical_base64url)
{
    toy_verifier const keys;
    auto const good = keys.token(app_header, "p"); // "cA": four unused bits
    auto const first = good.find('.');
    auto const second = good.find('.', first + 1);
    auto const header = good.substr(0, first);
    auto const signature = good.substr(second + 1);
    for (auto const& bad :
         {std::string(),
          std::string("."),
          std::string(".."),
          header,
          header + "." + signature,
          header + ".cA.",
          "." + good.substr(first + 1),
          good + ".",
          good + "." + signature,
          good + "=",
         
          " " + good,
          good + "\n",
          header + ".cB." + signature,
          header + ".cA==." + signature,
          header + ".c A." + signature,
          std::string("{\"payload\":\"cA\"}")}) {
        auto const got = open(bad, keys);
        BOOST_TEST_CONTEXT(bad) BOOST_TEST((got.has_error() && got.error() == denial::token_malformed));
    }
    BOOST_TEST(keys.verifications == 0U);
    BOOST_TEST(open(keys.token(app_header, std::string(4096, 'x')), keys).has_error()); // too long
}

BOOST_AUTO_TEST_CASE(whose_a_jws_is_says_one_issuer)
{
    auto const names = [](std::string_view payload) {
        return policy::names_issuer(test::jws(app_header, payload), test::issuer);
    };
    BOOST_TEST(names(R"({"iss":"https://api.cartesia.ai"})"));
    BOOST_TEST(names(R"({"a":{"iss":"x"},"iss":"https:\/\/api.cartesia.ai"})"));
    for (std::string_view payload :
         {"",
          "{}",
          "[]",
          R"({"iss":1})",
          R"({"iss":["https://api.cartesia.ai"]})",
          R"({"a":{"iss":"x"}})",
          R"({"iss":"https://api.cartesia.ai/"})",
          R"({"iss":"https://api.cartesia.ai","iss":"x"})",
          R"({"iss":"x","iss":"https://api.cartesia.ai"})"})
        BOOST_TEST(!names(payload), payload);
    BOOST_TEST(!policy::names_issuer("no token", test::issuer));
}

BOOST_AUTO_TEST_SUITE_END()
