#include "gateway/reload.hpp"

#include "gateway/base/config.hpp"

#include <boost/test/unit_test.hpp>

using namespace gateway;

BOOST_AUTO_TEST_SUITE(reloading)

BOOST_AUTO_TEST_CASE(all_parts_are_read_before_the_first_is_put_in_force)
{
    std::string happened;
    reload parts;
    for (auto const* name : {"a", "b"})
        parts.add([&happened, name] {
            happened += std::string("read ") + name + ". ";
            return [&happened, name] { happened += std::string("use ") + name + ". "; };
        });
    BOOST_TEST(!parts.run().has_value());
    BOOST_TEST(happened == "read a. read b. use a. use b. ");
}

BOOST_AUTO_TEST_CASE(a_flaw_in_one_part_leaves_all_as_they_were)
{
    int in_force = 0;
    bool flawed = true;
    reload parts;
    parts.add([&] { return [&] { ++in_force; }; });
    parts.add([&]() -> reload::step {
        if (flawed) throw config_error("tokens.key_file", "keys is empty; make one");
        return [&] { ++in_force; };
    });
    BOOST_TEST(parts.run().value() == "tokens.key_file: keys is empty; make one");
    BOOST_TEST(in_force == 0);
    flawed = false;
    BOOST_TEST(!parts.run().has_value());
    BOOST_TEST(in_force == 2);
}

BOOST_AUTO_TEST_SUITE_END()
