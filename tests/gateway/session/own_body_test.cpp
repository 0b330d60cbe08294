#include "gateway/session/own_body.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>

using namespace gateway::session;
using std::chrono::seconds;

namespace {

struct flawed {
    char const* body;
    char const* named;
    friend std::ostream& operator<<(std::ostream& out, flawed const& f) { return out << f.body; }
};

constexpr std::array cases{
    flawed{"[]",                                     "JSON object"      },
    flawed{"null",                                   "JSON object"      },
    flawed{"{",                                      "well-formed JSON" },
    flawed{"{} x",                                   "well-formed JSON" },
    flawed{"{,}",                                    "well-formed JSON" },
    flawed{R"({"grants":{},"grants":{}})",           "key twice"        },
    flawed{R"({"grants":[]})",                       "grants must"      },
    flawed{R"({"grants":"tts"})",                    "grants must"      },
    flawed{R"({"grants":{"tts":1}})",                "grants.tts must"  },
    flawed{R"({"grants":{"agent":"true"}})",         "grants.agent must"},
    flawed{R"({"expires_in":0})",                    "from 1 to 3600"   },
    flawed{R"({"expires_in":-5})",                   "from 1 to 3600"   },
    flawed{R"({"expires_in":3601})",                 "from 1 to 3600"   },
    flawed{R"({"expires_in":60.5})",                 "from 1 to 3600"   },
    flawed{R"({"expires_in":"60"})",                 "from 1 to 3600"   },
    flawed{R"({"expires_in":18446744073709551615})", "from 1 to 3600"   },
    flawed{R"({"subject":7})",                       "subject must"     },
    flawed{R"({"subject":"a\nb"})",                  "subject must"     },
    flawed{R"({"handoff":1})",                       "handoff must"     },
    flawed{R"({"handoff":"true"})",                  "handoff must"     },
};

} // namespace

BOOST_AUTO_TEST_SUITE(own_bodies)

BOOST_DATA_TEST_CASE(
    a_flaw_names_its_field_in_words_that_need_no_escaping, boost::unit_test::data::make(cases), c)
{
    auto const got = read_mint_request(c.body, seconds(3600));
    BOOST_TEST_REQUIRE(std::holds_alternative<body_flaw>(got));
    auto const& said = std::get<body_flaw>(got).message;
    BOOST_TEST(said.find(c.named) != std::string::npos, said);
    BOOST_TEST(said.find_first_of("\"\\\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_subject_may_be_128_bytes_long)
{
    auto const body = [](std::size_t n) { return "{\"subject\":\"" + std::string(n, 'a') + "\"}"; };
    BOOST_TEST(std::holds_alternative<mint_request>(read_mint_request(body(128), seconds(60))));
    BOOST_TEST(std::holds_alternative<body_flaw>(read_mint_request(body(129), seconds(60))));
}

BOOST_AUTO_TEST_CASE(a_grant_that_nobody_knows_gives_nothing)
{
    auto const got = read_mint_request(R"({"grants":{"admin":true,"stt":true}})", seconds(60));
    BOOST_TEST((std::get<mint_request>(got).grants == policy::grant_set{policy::grant::stt}));
}

namespace {

constexpr std::array app_flaws{
    flawed{"",                                                       "JSON object"    },
    flawed{"[]",                                                     "JSON object"    },
    flawed{R"({"subject":"a","subject":"b","grants":{}})",           "key twice"      },
    flawed{R"({"subject":"a"})",                                     "grants must"    },
    flawed{R"({"subject":"a","grants":null})",                       "grants must"    },
    flawed{R"({"subject":"a","grants":["tts"]})",                    "grants must"    },
    flawed{R"({"subject":"a","grants":{"tts":"yes"}})",              "grants.tts must"},
    flawed{R"({"grants":{}})",                                       "subject must"   },
    flawed{R"({"subject":"","grants":{}})",                          "subject must"   },
    flawed{R"({"subject":7,"grants":{}})",                           "subject must"   },
    flawed{R"({"subject":"a","grants":{},"expires_in":0})",          "expires_in must"},
    flawed{R"({"subject":"a","grants":{},"expires_in":1.5})",        "expires_in must"},
    flawed{R"({"subject":"a","grants":{},"stream_max":"60"})",       "stream_max must"},
    flawed{R"({"subject":"a","grants":{},"limits":{"requests":1}})", "limits is not"  },
    flawed{R"({"subject":"a","grants":{},"limits":[]})",             "limits is not"  },
};

} // namespace

BOOST_DATA_TEST_CASE(a_flaw_of_the_apps_is_named, boost::unit_test::data::make(app_flaws), c)
{
    auto const got = read_app_word(c.body);
    BOOST_TEST_REQUIRE(std::holds_alternative<body_flaw>(got));
    auto const& said = std::get<body_flaw>(got).message;
    BOOST_TEST(said.find(c.named) != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(the_apps_word_is_read)
{
    auto const all = std::get<app_word>(read_app_word(
        R"({"subject":"ann","grants":{"tts":true,"stt":false,"new":true},"expires_in":99999999,"stream_max":60,"limits":{},"more":[1]})"));
    BOOST_TEST(all.subject == "ann");
    BOOST_TEST((all.grants == policy::grant_set{policy::grant::tts}));
    BOOST_TEST((all.lifetime == seconds(99'999'999)));
    BOOST_TEST((all.stream_max == seconds(60)));
    auto const least = std::get<app_word>(
        read_app_word(R"({"subject":"ann","grants":{},"expires_in":null,"stream_max":null,"limits":null})"));
    BOOST_TEST(least.grants.empty());
    BOOST_TEST(!least.lifetime.has_value());
    BOOST_TEST(!least.stream_max.has_value());
}

BOOST_AUTO_TEST_CASE(a_hand_off_code_stands_in_json_or_in_a_form)
{
    auto const code = [](std::string_view body) {
        auto const got = read_handoff_code(body);
        auto const* text = std::get_if<std::string>(&got);
        return text ? *text : std::string();
    };
    for (auto const* body :
         {R"({"code":"ey.J-_"})", R"({"x":1, "code":"ey.J-_"})", "code=ey.J-_", "a=1&code=ey.J-_&b=2"})
        BOOST_TEST(code(body) == "ey.J-_", body);
    for (auto const* body :
         {"",
          "{}",
          "{",
          "[]",
          "null",
          R"({"code":null})",
          R"({"code":""})",
          R"({"code":7})",
          R"({"code":"a","code":"b"})",
          "code",
          "code=",
          "mycode=a",
          "xcode=a&codes=b",
          "&",
          "ey.J-_"})
        BOOST_TEST(code(body) == "", body);
}

BOOST_AUTO_TEST_SUITE_END()
