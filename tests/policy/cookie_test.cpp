#include "policy/cookie.hpp"

#include "tests/policy/samples.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using policy::denial;

BOOST_AUTO_TEST_SUITE(cookie)

namespace {

struct fields_and_value {
    std::vector<std::string_view> fields;
    std::string_view value; ///< empty: none
    friend std::ostream& operator<<(std::ostream& out, fields_and_value const& c)
    {
        for (auto field : c.fields)
            out << '[' << field << ']';
        return out;
    }
};

std::vector<fields_and_value> const found{
    {{},                       ""      },
    {{""},                     ""      },
    {{"t=a.B-_9"},             "a.B-_9"},
    {{"x=1; t=v; y=2"},        "v"     },
    {{"x=1;t=v;y=2"},          "v"     },
    {{"x=1;  \tt=v"},          "v"     },
    {{";;t=v;;"},              "v"     },
    {{"t=v; t=v", "t=v"},      "v"     },
    {{"x=1", "t=v"},           "v"     },
    {{"t="},                   ""      },
    {{"t=; t=v"},              "v"     },
    {{"t"},                    ""      },
    {{"t; v"},                 ""      },
    {{"T=v"},                  ""      },
    {{"tt=v"},                 ""      },
    {{"t =v"},                 ""      },
    {{"x=t=v"},                ""      },
    {{"x=\"; t=v; y=\""},      "v"     },
    {{"x=\x01\xff \"%,; t=v"}, "v"     },
};

struct fields_and_denial {
    std::vector<std::string_view> fields;
    denial why = denial::no_token;
    friend std::ostream& operator<<(std::ostream& out, fields_and_denial const& c)
    {
        for (auto field : c.fields)
            out << '[' << field << ']';
        return out;
    }
};

std::vector<fields_and_denial> const refused{
    {{"t=v; t=w"},           denial::conflicting_cookies},
    {{"t=v", "t=w"},         denial::conflicting_cookies},
    {{"t=v; x=1; t=v; t=V"}, denial::conflicting_cookies},
    {{"t=\"v\""},            denial::malformed_cookie   },
    {{"t=v ; x=1"},          denial::malformed_cookie   },
    {{"t= v"},               denial::malformed_cookie   },
    {{"t==v"},               denial::malformed_cookie   },
    {{"t=v; t=%76"},         denial::malformed_cookie   },
    {{"x=1", "t=v, t=w"},    denial::malformed_cookie   },
};

} // namespace

BOOST_DATA_TEST_CASE(the_cookie_of_that_name_is_found, data::make(found), c)
{
    auto const got = policy::find_cookie(c.fields, "t");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->has_value() == !c.value.empty());
    BOOST_TEST(got->value_or("") == c.value);
}

BOOST_AUTO_TEST_CASE(what_others_set_is_left)
{
    auto const left = [](std::vector<std::string_view> const& fields) {
        return policy::without_cookie(fields, "t");
    };
    BOOST_TEST(left({}) == "");
    BOOST_TEST(left({"t=v"}) == "");
    BOOST_TEST(left({"x=1; t=v; y=2", "t=w; z"}) == "x=1; y=2; z");
    BOOST_TEST(left({";;t=v;;x=1;  \ty=2;"}) == "x=1; y=2");
    BOOST_TEST(left({"T=v; tt=v; t; x=t=v"}) == "T=v; tt=v; t; x=t=v");
    BOOST_TEST(left({"x=\"; t=v; y=\""}) == "x=\"; y=\"");
    BOOST_TEST(left({"t=\"v; w\"; t==v"}) == "w\"");
}

BOOST_DATA_TEST_CASE(what_cannot_be_one_token_is_refused, data::make(refused), c)
{
    auto const got = policy::find_cookie(c.fields, "t");
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == c.why);
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_value_is_judged)
{
    constexpr std::string_view in_token = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    for (int byte = 0; byte < 256; ++byte) {
        auto const c = static_cast<char>(byte);
        auto const field = std::string("t=a") + c + "b";
        std::string_view const fields[]{field};
        bool const passes = in_token.find(c) != std::string_view::npos || c == ';'; // which ends the value
        BOOST_TEST(policy::find_cookie(fields, "t").has_value() == passes, "byte " << byte);
    }
}

BOOST_AUTO_TEST_SUITE_END()
