#include "gateway/base/strict_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway;

BOOST_AUTO_TEST_SUITE(strict_json)

BOOST_AUTO_TEST_CASE(comments_and_trailing_commas_are_for_people_only)
{
    constexpr auto text = "{\"a\": [1, 2,], // here\n}";
    BOOST_TEST(read_json(text, json_dialect::for_people).value.has_value());
    BOOST_TEST(!read_json(text, json_dialect::exact).value.has_value());
}

BOOST_AUTO_TEST_CASE(a_repeated_key_is_named_by_its_path)
{
    auto const got = read_json(R"({"a":{"b":[{},[1,{"k":1,"c":"x","k":2}]]},"a2":1})", json_dialect::exact);
    BOOST_TEST(!got.value.has_value());
    BOOST_TEST(got.where == "a.b[1][1].k");
}

BOOST_AUTO_TEST_CASE(the_empty_key_is_a_key_like_any_other)
{
    BOOST_TEST(read_json(R"({"":1})", json_dialect::exact).value.has_value());
    BOOST_TEST(!read_json(R"({"":1,"":2})", json_dialect::exact).value.has_value());
    BOOST_TEST(read_json(R"({"":1,"":2})", json_dialect::exact).where == R"("")");
    BOOST_TEST(read_json(R"({"a":{"":1,"":2}})", json_dialect::exact).where == R"(a."")");
}

BOOST_AUTO_TEST_CASE(one_key_in_two_objects_is_no_repetition)
{
    BOOST_TEST(read_json(R"([{"k":1},{"k":{"k":2}},{"k":"k"}])", json_dialect::exact).value.has_value());
}

BOOST_AUTO_TEST_CASE(a_number_that_cannot_be_held_is_named_by_its_path)
{
    for (std::string const number : {"1e999", "-1e999", "0e999"}) {
        auto const got = read_json(R"({"a": [1, )" + number + "]}", json_dialect::exact);
        BOOST_TEST(!got.value);
        BOOST_TEST(got.where == "a[1]");
    }
    BOOST_TEST(read_json("1e999", json_dialect::exact).where == "the whole text");
    BOOST_TEST(read_json("[1e99, 0.5]", json_dialect::exact).value.has_value());
}

BOOST_AUTO_TEST_CASE(depth_and_encoding_are_bounded)
{
    BOOST_TEST(
        !read_json(std::string(40, '[') + std::string(40, ']'), json_dialect::exact).value.has_value());
    BOOST_TEST(!read_json("\"\xff\"", json_dialect::exact).value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
