#include "gateway/session/revoke_body.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>

using namespace gateway::session;
using policy::revoked_by;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

namespace {

constexpr policy::seconds_since_epoch now{std::chrono::seconds(1'800'000'000)};
constexpr revoke_defaults defaults{now + 3600s, now + 5s};

std::variant<revoke_request, body_flaw> read(std::string_view body)
{
    return read_revoke_request(body, now, defaults);
}

revoke_request good(std::string_view body)
{
    auto const got = read(body);
    BOOST_TEST_REQUIRE(std::holds_alternative<revoke_request>(got));
    return std::get<revoke_request>(got);
}

struct flawed {
    std::string body;
    std::string_view words; ///< that the message has
    friend std::ostream& operator<<(std::ostream& out, flawed const& f) { return out << f.body; }
};

std::string long_text(std::string_view key, std::size_t bytes)
{
    return R"({"sub":"a",")" + std::string(key) + R"(":")" + std::string(bytes, 'x') + "\"}";
}

auto const long_jti = long_text("jti", 65);
auto const long_sid = long_text("sid", 65);
auto const long_reason = long_text("reason", 201);

std::array const flaws{
    flawed{"",                                     "JSON"        },
    flawed{"[]",                                   "object"      },
    flawed{R"({"jti":"a","jti":"b"})",             "twice"       },
    flawed{"{}",                                   "exactly one" },
    flawed{R"({"jti":null})",                      "exactly one" },
    flawed{R"({"jti":"a","sub":"b"})",             "exactly one" },
    flawed{R"({"jti":""})",                        "jti must be" },
    flawed{R"({"sid":7})",                         "sid must be" },
    flawed{long_jti,                               "64 bytes"    },
    flawed{long_sid,                               "64 bytes"    },
    flawed{R"({"sub":"a","untill":1})",            "nothing else"},
    flawed{R"({"sub":"a","until":1800000000})",    "until must"  },
    flawed{R"({"sub":"a","until":1800000000000})", "whole second"},
    flawed{R"({"sub":"a","until":"1800000001"})",  "until must"  },
    flawed{R"({"sub":"a","until":1800000001.5})",  "until must"  },
    flawed{R"({"sub":"a","block":1})",             "block must"  },
    flawed{R"({"sid":"a","block":true})",          "block goes"  },
    flawed{R"({"sub":"a","reason":"a\nb"})",       "reason must" },
    flawed{R"({"sub":"a","reason":"\u00e9"})",     "reason must" },
    flawed{long_reason,                            "200"         },
};

} // namespace

BOOST_AUTO_TEST_SUITE(revoke_body)

BOOST_AUTO_TEST_CASE(each_id_is_taken_as_what_it_is)
{
    auto const token = good(R"({"jti":"a"})");
    BOOST_TEST((token.what.what == revoked_by::token_id && token.what.id == "a"));
    BOOST_TEST((token.what.issued_until == policy::seconds_since_epoch::max()));
    auto const session = good(R"({"sid":"b","sub":null,"block":false})");
    BOOST_TEST((session.what.what == revoked_by::session && session.what.id == "b"));
    BOOST_TEST((session.what.issued_until == policy::seconds_since_epoch::max()));
    for (auto const& one : {token, session}) {
        BOOST_TEST((one.what.until == defaults.until));
        BOOST_CHECK(one.what.by == policy::vouched::verified);
        BOOST_TEST(one.reason.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_subject_may_sign_in_anew_unless_it_is_blocked)
{
    auto const out = good(R"({"sub":"ann","reason":"stolen phone"})");
    BOOST_TEST((out.what.what == revoked_by::subject && out.what.id == "ann"));
    BOOST_TEST((out.what.issued_until == defaults.issued_until));
    BOOST_TEST(out.reason == "stolen phone");
    auto const blocked = good(R"({"sub":"ann","block":true,"until":1800000001})");
    BOOST_TEST((blocked.what.issued_until == policy::seconds_since_epoch::max()));
    BOOST_TEST((blocked.what.until == now + 1s));
    BOOST_TEST(blocked.block);
    BOOST_TEST(good(R"({"sub":")" + std::string(128, 's') + "\"}").what.id.size() == 128U);
    BOOST_TEST(std::holds_alternative<body_flaw>(read(R"({"sub":")" + std::string(129, 's') + "\"}")));
}

BOOST_DATA_TEST_CASE(what_is_wrong_is_told, data::make(flaws), c)
{
    auto const got = read(c.body);
    BOOST_TEST_REQUIRE(std::holds_alternative<body_flaw>(got));
    auto const& words = std::get<body_flaw>(got).message;
    BOOST_TEST(words.find(c.words) != std::string::npos, words);
}

BOOST_AUTO_TEST_SUITE_END()
