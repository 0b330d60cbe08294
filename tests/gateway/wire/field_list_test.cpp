#include "gateway/wire/head.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway;
using namespace gateway::wire;

BOOST_AUTO_TEST_SUITE(wire_field_list)

BOOST_AUTO_TEST_CASE(the_first_and_the_only_field_of_a_name_are_found)
{
    field_list list;
    BOOST_TEST(list.push({"Host", "a", field_name::host}));
    BOOST_TEST(list.push({"Via", "1", field_name::via}));
    BOOST_TEST(list.push({"Via", "2", field_name::via}));
    BOOST_TEST(list.find(field_name::via)->value == "1");
    BOOST_TEST(list.only(field_name::host).value() == "a");
    BOOST_TEST(!list.only(field_name::via).has_value());
    BOOST_TEST(!list.only(field_name::te).has_value());
    BOOST_TEST(list.repeats(field_name::via));
    BOOST_TEST(!list.repeats(field_name::host));
    BOOST_TEST(!list.repeats(field_name::te));
    list.clear();
    BOOST_TEST(list.find(field_name::host) == nullptr);
    BOOST_TEST(list.all().empty());
}

BOOST_AUTO_TEST_CASE(it_takes_as_many_fields_as_it_says)
{
    field_list list;
    for (std::size_t i = 0; i < fields_capacity; ++i)
        BOOST_TEST(list.push({"A", "b", field_name::other}));
    BOOST_TEST(!list.push({"A", "b", field_name::other}));
    BOOST_TEST(list.all().size() == fields_capacity);
}

BOOST_AUTO_TEST_CASE(options_of_all_connection_fields_are_found)
{
    field_list list;
    BOOST_TEST(!list.named_in_connection("X-A"));
    BOOST_TEST(list.push({"Connection", "close, X-A", field_name::connection}));
    BOOST_TEST(list.push({"Connection", " ,\tx-b\t,", field_name::connection}));
    BOOST_TEST(list.has_connection());
    BOOST_TEST(list.named_in_connection("x-a"));
    BOOST_TEST(list.named_in_connection("X-B"));
    BOOST_TEST(!list.named_in_connection("X"));
    BOOST_TEST(!list.named_in_connection("close, X-A"));
    BOOST_TEST(!list.named_in_connection(""));
}

BOOST_AUTO_TEST_SUITE_END()
