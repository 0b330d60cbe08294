#include "policy/json_members.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

namespace data = boost::unit_test::data;
using policy::json_member;

BOOST_AUTO_TEST_SUITE(json_members)

namespace {

/// Writes down what it is told; says no to the member called `stop`.
class recorder final : public policy::json_member_sink {
public:
    bool take(json_member const& m) noexcept override
    {
        told << m.depth << ' ' << m.name << '/' << m.inner << ' ';
        switch (m.what) {
        case json_member::form::text:
            told << '\'' << m.text << '\'';
            break;
        case json_member::form::integer:
            told << m.integer;
            break;
        case json_member::form::boolean:
            told << (m.flag ? "yes" : "no");
            break;
        case json_member::form::object:
            told << "object";
            break;
        case json_member::form::array:
            told << "array";
            break;
        case json_member::form::other:
            told << "other";
            break;
        }
        told << "; ";
        return m.name != "stop";
    }

    std::ostringstream told;
};

struct read {
    std::string text;
    std::string_view told;
    friend std::ostream& operator<<(std::ostream& out, read const& r) { return out << r.text; }
};

std::vector<read> const objects{
    {"{}",                                        ""                                                       },
    {" { } \n",                                   ""                                                       },
    {R"({"a":"b"})",                              "1 a/ 'b'; "                                             },
    {R"({"a":1,"b":-2})",                         "1 a/ 1; 1 b/ -2; "                                      },
    {R"({"a":9223372036854775807})",              "1 a/ 9223372036854775807; "                             },
    {R"({"a":9223372036854775808})",              "1 a/ other; "                                           },
    {R"({"a":18446744073709551616})",             "1 a/ other; "                                           },
    {R"({"a":1.0,"b":1e3,"c":null})",             "1 a/ other; 1 b/ other; 1 c/ other; "                   },
    {R"({"a":true,"b":false})",                   "1 a/ yes; 1 b/ no; "                                    },
    {R"({"a":1,"a":2})",                          "1 a/ 1; 1 a/ 2; "                                       },
    {R"({"a":["x",2]})",                          "1 a/ array; 2 a/ 'x'; 2 a/ 2; "                         },
    {R"({"a":{"x":true,"y":"z"},"b":[3]})",       "1 a/ object; 2 a/x yes; 2 a/y 'z'; 1 b/ array; 2 b/ 3; "},
    {R"({"a":{"x":{"deep":1},"y":[[2]]},"b":3})", "1 a/ object; 2 a/x object; 2 a/y array; 1 b/ 3; "       },
    {R"({"\u0061\n":"x\u00e4\"y"})",              "1 a\n/ 'x\u00e4\"y'; "                                  },
    {R"({"x\u0061y\u0062":[1]})",                 "1 xayb/ array; 2 xayb/ 1; "                             },
    {R"({"a":"\u0041\u0042c","b":"\\"})",         "1 a/ 'ABc'; 1 b/ '\\'; "                                },
    {R"({"":""})",                                "1 / ''; "                                               },
};

} // namespace

BOOST_DATA_TEST_CASE(members_are_told, data::make(objects), o)
{
    recorder sink;
    BOOST_TEST(policy::read_json_members(o.text, sink));
    BOOST_TEST(sink.told.str() == o.told);
}

BOOST_DATA_TEST_CASE(
    what_is_no_object_is_refused,
    data::make(
        {"",
         " ",
         "1",
         "\"a\"",
         "true",
         "null",
         "[]",
         "[{}]",
         "1.5",
         "18446744073709551615",
         "{",
         "{\"a\"",
         "{\"a\":",
         "{\"a\":1",
         "{\"a\":1,}",
         "{a:1}",
         "{'a':1}",
         "{}{}",
         "{} x",
         "{\"a\":01}",
         "{\"a\":+1}",
         "{\"a\":NaN}",
         "{\"a\":\"\x01\"}",
         "{\"a\":\"\xff\"}",
         "{\"a\":\"\xc0\xaf\"}",
         "{\"a\":\"\\ud800\"}",
         "{\"a\":1 /* c */}",
         "{\"a\":\"\\x\"}",
         "\xef\xbb\xbf{}"}),
    text)
{
    recorder sink;
    BOOST_TEST(!policy::read_json_members(text, sink));
}

BOOST_AUTO_TEST_CASE(the_sink_can_end_it)
{
    recorder sink;
    BOOST_TEST(!policy::read_json_members(R"({"stop":1,"b":2})", sink));
    BOOST_TEST(sink.told.str() == "1 stop/ 1; ");
    BOOST_TEST(!policy::read_json_members(R"({"stop":{"b":2}})", sink));
    BOOST_TEST(!policy::read_json_members(R"({"stop":[2]})", sink));
}

BOOST_AUTO_TEST_CASE(depth_names_and_length_are_bounded)
{
    recorder sink;
    auto const nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + '}';
    };
    BOOST_TEST(policy::read_json_members(nested(7), sink));
    BOOST_TEST(!policy::read_json_members(nested(8), sink));

    auto const named = [](std::size_t size) { return "{\"" + std::string(size, 'n') + "\":1}"; };
    BOOST_TEST(policy::read_json_members(named(64), sink));
    BOOST_TEST(!policy::read_json_members(named(65), sink));

    auto const long_text = [](std::size_t size) {
        return "{\"a\":\"\\n" + std::string(size - 10, 'x') + "\"}";
    };
    BOOST_TEST(long_text(policy::json_bytes_max).size() == policy::json_bytes_max);
    BOOST_TEST(policy::read_json_members(long_text(policy::json_bytes_max), sink));
    BOOST_TEST(!policy::read_json_members(long_text(policy::json_bytes_max + 1), sink));
}

BOOST_AUTO_TEST_SUITE_END()
