#include "gateway/cli/arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace gateway::cli;

namespace {

constexpr std::array known{
    option{"--file", "FILE", "", true   },
    option{         "--switch",      "",     ""  },
    option{ "--name",   "NAME",     "",       false, true},
};

arguments read(std::vector<std::string> const& words, std::size_t operands = 0)
{
    return {words, known, operands};
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line_arguments)

BOOST_AUTO_TEST_CASE(both_forms_of_a_value_are_read)
{
    auto const got = read({"--name", "a", "--file=x=y", "DIR", "--name=b", "--switch"}, 1);
    BOOST_TEST(got.get("--file").value() == "x=y");
    BOOST_TEST(got.all("--name") == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(got.has("--switch"));
    BOOST_TEST(!got.get("--switch").has_value());
    BOOST_TEST(got.operand(0) == "DIR");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said)
{
    auto const flaw = [](std::vector<std::string> const& words) {
        try {
            (void)read(words);
        } catch (usage_error const& e) {
            return std::string(e.what());
        }
        return std::string();
    };
    BOOST_TEST(flaw({"--file", "a"}) == "");
    BOOST_TEST(flaw({}) == "--file must be given: --file FILE");
    BOOST_TEST(flaw({"--file"}) == "--file needs a value: --file FILE");
    BOOST_TEST(flaw({"--file", "a", "--file", "b"}) == "--file is given twice");
    BOOST_TEST(flaw({"--file", "a", "--switch=1"}) == "--switch takes no value");
    BOOST_TEST(flaw({"--file", "a", "--other"}) == "unknown option --other");
    BOOST_TEST(flaw({"--file", "a", "b"}) == "too many arguments: b");
}

BOOST_AUTO_TEST_SUITE_END()
