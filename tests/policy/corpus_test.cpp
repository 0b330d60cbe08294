#include "tests/policy/corpus.hpp"

#include "policy/cookie.hpp"
#include "policy/judge.hpp"
#include "tests/policy/samples.hpp"
#include "tests/policy/toy_cipher.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>

/// The attack corpora against the judge. A row says what must happen (`grant`, `expect`, `verdict`) and, in
/// `alt`, what else would do; the words are those of the runner that plays the same rows over the network.
namespace data = boost::unit_test::data;
using policy::denial;
using policy::grant;
using policy::grant_set;
using policy::method;
using policy::transport;
using test::corpus_row;
using test::now;

BOOST_AUTO_TEST_SUITE(corpora)

namespace {

test::toy_cipher const cipher;
policy::judge_settings const settings;
policy::route_table const routes;
policy::revocation_list const revoked{1, {}};
policy::judge const judge{settings, routes, cipher};

std::string sealed_with(grant_set grants)
{
    return policy::seal(test::sample_claims(grants), cipher, {1}, test::now);
}

std::string const all_grants_token = sealed_with({grant::tts, grant::stt, grant::agent});

auto decide(std::string_view target, std::vector<std::string> const& cookies, method verb, transport over)
{
    std::vector<std::string_view> const fields(cookies.begin(), cookies.end());
    return judge.decide(
        {.verb = verb, .raw_target = target, .over = over, .cookie_fields = fields, .came = {.marked = true}},
        revoked,
        now);
}

std::vector<std::string> cookie(std::string const& token) { return {settings.cookie_name + '=' + token}; }

/// One token for each key of the runner: all grants, and each alone.
std::map<std::string, std::string> const tokens{
    {"all",   all_grants_token           },
    {"tts",   sealed_with({grant::tts})  },
    {"stt",   sealed_with({grant::stt})  },
    {"agent", sealed_with({grant::agent})}
};

} // namespace

BOOST_DATA_TEST_CASE(paths, data::make(test::read_corpus("paths.jsonl")), row)
{
    auto const target = test::replaced(
        test::from_base64(row.text("target_b64")),
        {
            {"@@HOST@@", "localhost"},
            {"@@PORT@@", "443"      }
    });
    auto const over = row.members.at("ws").as_bool() ? transport::websocket : transport::http;
    auto const wanted = row.text("grant");
    bool const may_refuse = row.lists("alt", "deny");

    for (auto const& [key, token] : tokens) {
        auto const opens = [who = std::string_view(key)](std::string_view g) {
            return g != "deny" && (who == "all" || who == g);
        };
        bool const must = opens(wanted);
        bool const may = must || std::ranges::any_of(row.members.at("alt").as_array(), [&](auto const& alt) {
                             return opens(std::string_view(alt.as_string()));
                         });
        auto const verdict = decide(target, cookie(token), policy::read_method(row.text("method")), over);
        if (!verdict) {
            BOOST_TEST((!must || may_refuse), key << " token refused: " << verdict.error());
            continue;
        }
        BOOST_TEST(may, key << " token admitted");
        std::string forwarded;
        policy::append_without_credentials(forwarded, verdict->where_to());
        BOOST_TEST(forwarded == target);
        if (row.members.at("forwarded").is_string()) BOOST_TEST(forwarded == row.text("forwarded"));
    }
}

/// Stricter than the rows: each decision of ATTACKS.md that could have gone the other way.
BOOST_DATA_TEST_CASE(
    paths_with_a_byte_outside_the_alphabet_never_pass, data::make(test::read_corpus("paths.jsonl")), row)
{
    auto const target = test::from_base64(row.text("target_b64"));
    auto const path = target.substr(0, target.find('?'));
    auto const odd =
        path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/");
    if (odd == std::string::npos && path.starts_with('/') && !path.ends_with('/') &&
        path.find("//") == std::string::npos)
        return;
    auto const read = policy::read_target(target);
    BOOST_TEST((path == "/" || read.error() == denial::target_not_canonical));
}

namespace {

// What the head reader refuses before `policy` is asked, by the size of the head.
constexpr std::array refused_by_size{"huge-other", "many-4000"};

} // namespace

BOOST_DATA_TEST_CASE(cookies, data::make(test::read_corpus("cookies.jsonl")), row)
{
    auto const token = all_grants_token;
    auto const percent = "%65" + token.substr(1); // its first letter is 'e'
    std::vector<std::string> fields;
    for (auto const& field : row.members.at("cookie_b64").as_array()) {
        auto text = test::replaced(
            test::from_base64(std::string_view(field.as_string())),
            {
                {"@@TOK@@",        token               },
                {"@@TOK_PCT@@",    percent             },
                {"@@BAD@@",        "not-a-token"       },
                {"cartesia_token", settings.cookie_name}
        });
        auto const last = text.find_last_not_of(" \t"); // as the field parser hands it over
        fields.push_back(text.substr(0, last + 1));
    }
    bool const must = row.text("expect") == "TOK" && row.members.at("alt").as_array().empty();
    bool const may = row.text("expect") == "TOK" || row.lists("alt", "TOK") ||
                     std::ranges::count(refused_by_size, row.id()) > 0;

    auto const verdict = decide("/tts/bytes", fields, method::post, transport::http);
    if (verdict)
        BOOST_TEST(may, "authenticated");
    else
        BOOST_TEST(!must, "refused: " << verdict.error());
    if (verdict) BOOST_TEST(verdict->who().text == token);
}

/// Stricter than the rows: two values are a dispute, always.
BOOST_AUTO_TEST_CASE(two_cookie_values_are_never_a_choice)
{
    for (auto const& row : test::read_corpus("cookies.jsonl")) {
        if (row.id() != "dup-good-bad" && row.id() != "dup-100" && row.id() != "two-fields-conflict")
            continue;
        std::vector<std::string> fields;
        for (auto const& field : row.members.at("cookie_b64").as_array())
            fields.push_back(test::replaced(
                test::from_base64(std::string_view(field.as_string())),
                {
                    {"@@TOK@@",        all_grants_token    },
                    {"@@BAD@@",        "x"                 },
                    {"cartesia_token", settings.cookie_name}
            }));
        BOOST_TEST(
            decide("/tts/bytes", fields, method::post, transport::http).error() ==
            denial::conflicting_cookies);
    }
}

namespace {

std::map<std::string, std::function<std::string(std::string)>> const edits{
    {"flip-first",     [](std::string t) { return (t[0] = t[0] == 'A' ? 'B' : 'A'), t; }},
    {"cut-1",          [](std::string t) { return t.substr(0, t.size() - 1); }          },
    {"cut-8",          [](std::string t) { return t.substr(0, t.size() - 8); }          },
    {"append-A",       [](std::string t) { return t + 'A'; }                            },
    {"append-space-x", [](std::string t) { return t + " x"; }                           },
    {"append-comma",   [](std::string t) { return t + ",x"; }                           },
    {"double",         [](std::string t) { return t + t; }                              },
    {"reverse",        [](std::string t) { return std::string(t.rbegin(), t.rend()); }  },
    {"prefix-sp",      [](std::string t) { return "%20" + t; }                          },
    {"pad",            [](std::string t) { return t + '='; }                            },
    {"empty",          [](std::string) { return std::string(); }                        },
    {"null-word",      [](std::string) { return std::string("null"); }                  },
    {"undefined-word", [](std::string) { return std::string("undefined"); }             },
    {"zero",           [](std::string) { return std::string("0"); }                     },
    {"glob",           [](std::string) { return std::string("*"); }                     },
    {"redis-glob",     [](std::string t) { return t.substr(0, t.size() / 2) + '*'; }    },
    {"crlf-redis",     [](std::string t) { return t + "%0d%0aFLUSHALL"; }               },
    {"inject-json",    [](std::string t) { return t + R"(","admin":true,"x":")"; }      },
};

}

/// Every row edits the text, and every edit breaks the form of both kinds of token. `other-user` edits
/// nothing: it is another user's good token, which only something that ties agents to users could refuse; no
/// token says so yet.
BOOST_DATA_TEST_CASE(
    token_edits,
    data::make(test::read_corpus("token_mutations.jsonl")) * data::make({true, false}),
    row,
    sealed)
{
    if (row.id() == "other-user") return;
    auto const good = sealed ? all_grants_token : test::cartesia_token();
    BOOST_REQUIRE(decide("/tts/bytes", cookie(good), method::post, transport::http).has_value());
    auto const edited = edits.at(row.text("op"))(good);

    BOOST_TEST(row.text("verdict") == "reject");
    BOOST_TEST(decide("/tts/bytes", cookie(edited), method::post, transport::http).has_error());
    auto const bearer = "Bearer " + edited;
    BOOST_TEST(
        judge
            .decide({.verb = method::post, .raw_target = "/tts/bytes", .authorization = bearer}, revoked, now)
            .has_error());
    BOOST_TEST(
        judge
            .decide({.verb = method::post, .raw_target = "/tts/bytes", .api_key_field = edited}, revoked, now)
            .has_error());
    BOOST_TEST(policy::open_sealed(edited, cipher, test::now).has_error());
    BOOST_TEST(policy::read_cartesia(edited, test::issuer).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
