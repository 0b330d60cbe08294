#include "policy/credentials.hpp"

#include "tests/policy/samples.hpp"
#include "tests/policy/toy_cipher.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <set>

namespace data = boost::unit_test::data;
using policy::credential_source;
using policy::denial;
using enum policy::credential_source;

BOOST_AUTO_TEST_SUITE(credentials)

namespace {

struct field_and_value {
    std::string_view field;
    std::string_view value; ///< empty: none
    friend std::ostream& operator<<(std::ostream& out, field_and_value const& f) { return out << f.field; }
};

constexpr std::array authorizations{
    field_and_value{"Bearer abc",         "abc"        },
    field_and_value{"bearer abc",         "abc"        },
    field_and_value{"BEARER   a.b-c",     "a.b-c"      },
    field_and_value{"Bearer a, Bearer b", "a, Bearer b"},
    field_and_value{"Bearer",             ""           },
    field_and_value{"Bearer ",            ""           },
    field_and_value{"Bearer   ",          ""           },
    field_and_value{"Bearerabc",          ""           },
    field_and_value{"Bearer\tabc",        ""           },
    field_and_value{"Bearers abc",        ""           },
    field_and_value{"Beare abc",          ""           },
    field_and_value{"Be4rer abc",         ""           },
    field_and_value{"Basic YTpi",         ""           },
    field_and_value{" Bearer abc",        ""           },
    field_and_value{"",                   ""           },
};

std::string const sealed = policy::seal(test::sample_claims(), test::toy_cipher{}, {1}, test::now);
std::string const other_sealed = policy::seal(test::sample_claims(), test::toy_cipher{}, {2}, test::now);
std::string const cartesia = test::cartesia_token();

constexpr std::string_view placeholder = "sk_car_placeholder";

struct choice {
    std::string_view title;
    policy::presented_credentials presented;
    std::string_view token;
    credential_source from = cookie;
    friend std::ostream& operator<<(std::ostream& out, choice const& c) { return out << c.title; }
};

std::vector<choice> const choices{
    {"cookie",                               {.cookie = sealed},                          sealed,      cookie       },
    {"bearer",                               {.bearer = sealed},                          sealed,      bearer       },
    {"api key field",                        {.api_key_field = sealed},                   sealed,      api_key_field},
    {"query",                                {.query = sealed},                           sealed,      query        },
    {"the same everywhere",                  {sealed, sealed, sealed, sealed},            sealed,      cookie       },
    {"the same in two headers",              {.bearer = sealed, .api_key_field = sealed}, sealed,      bearer       },
    {"a lone placeholder",                   {.bearer = placeholder},                     placeholder, bearer       },
    {"placeholders beside a sealed cookie",  {sealed, "x", placeholder, "y"},             sealed,      cookie       },
    {"placeholder beside a Cartesia cookie", {.cookie = cartesia, .bearer = placeholder}, cartesia,    cookie       },
    {"the cookie's token and a placeholder", {sealed, sealed, placeholder, std::nullopt}, sealed,      cookie       },
    {"an empty field is none",               {.bearer = sealed, .api_key_field = ""},     sealed,      bearer       },
    {"an empty first field is none",         {.cookie = "", .api_key_field = sealed},     sealed,      api_key_field},
};

struct dispute {
    std::string_view title;
    policy::presented_credentials presented;
    denial why = denial::conflicting_credentials;
    friend std::ostream& operator<<(std::ostream& out, dispute const& d) { return out << d.title; }
};

std::vector<dispute> const disputes{
    {"nothing",                                          {},                         denial::no_token},
    {"only empty ones",                                                  {"", "", "", ""},                                                            denial::no_token},
    {"cookie and another bearer token",                                  {.cookie = sealed, .bearer = other_sealed}},
    {"cookie and a token of the other kind",{.cookie = sealed, .api_key_field = cartesia}},
    {"cookie and another query token",                               {.cookie = cartesia, .query = sealed}                                                        },
    {"a token after a placeholder",{sealed, placeholder, other_sealed, std::nullopt}},
    {"cookie that is no token and a token",                   {.cookie = "junk", .bearer = sealed}                                                                                            },
    {"cookie that is no token and a placeholder",{.cookie = "junk", .bearer = placeholder}},
    {"two headers",              {.bearer = sealed, .api_key_field = other_sealed}                                                                                                              },
    {"a token and a placeholder, no cookie",{.bearer = sealed, .api_key_field = placeholder}},
    {"header and query",               {.api_key_field = placeholder, .query = sealed}                                                                                                                                         },
};

} // namespace

BOOST_DATA_TEST_CASE(a_bearer_token_is_read, data::make(authorizations), a)
{
    auto const got = policy::read_bearer(a.field);
    BOOST_TEST(got.has_value() == !a.value.empty());
    BOOST_TEST(got.value_or("") == a.value);
}

BOOST_DATA_TEST_CASE(one_credential_is_chosen, data::make(choices), c)
{
    auto const got = policy::choose(c.presented);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->token == c.token);
    BOOST_TEST(got->from == c.from);
}

BOOST_DATA_TEST_CASE(a_dispute_is_never_settled, data::make(disputes), d)
{
    auto const got = policy::choose(d.presented);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == d.why);
}

BOOST_AUTO_TEST_CASE(each_source_has_its_own_name_in_the_log)
{
    std::set<std::string_view> names;
    for (auto from : {cookie, bearer, api_key_field, query})
        names.insert(policy::log_name(from));
    BOOST_TEST(names.size() == 4U);
    BOOST_TEST(policy::log_name(static_cast<credential_source>(99)) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
