#include "gateway/base/secret_file.hpp"
#include "tests/gateway/scratch.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

using namespace gateway;

namespace {

struct directory : tests::scratch {
    std::string file(std::string_view text, mode_t mode = 0600) const
    {
        auto name = scratch::file("key", text);
        BOOST_REQUIRE(chmod(name.c_str(), mode) == 0);
        return name;
    }
};

std::optional<std::string> nothing(std::string const&) { return std::nullopt; }

std::string flaw(secret_place const& from, environment const& get)
{
    try {
        (void)load_secret(from, "k", get);
    } catch (config_error const& e) {
        return e.what();
    }
    return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_file)

BOOST_AUTO_TEST_CASE(a_file_gives_its_line_without_white_space_around)
{
    directory const here;
    auto const got = load_secret({here.file(" sk_car_abc\r\n\n"), "", ""}, "k", nothing);
    BOOST_TEST(got.reveal() == "sk_car_abc");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_open_to_others_is_an_error_with_the_remedy)
{
    directory const here;
    for (mode_t const mode : {0644U, 0604U, 0660U, 0602U, 0601U}) {
        auto const name = here.file("sk_car_abc", mode);
        auto const said = flaw({name, "", ""}, nothing);
        BOOST_TEST(said.starts_with("k.file: cannot read " + name + ": its mode is 0"), said);
        BOOST_TEST(said.find("chmod 600 it") != std::string::npos, said);
        BOOST_TEST(said.find("defaultMode: 0440") != std::string::npos, said);
        BOOST_TEST(said.find("sk_car") == std::string::npos);
    }
    for (mode_t const mode : {0600U, 0400U, 0640U, 0440U, 0700U})
        BOOST_TEST(flaw({here.file("abc", mode), "", ""}, nothing) == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_refused_and_never_shown)
{
    directory const here;
    BOOST_TEST(flaw({here.file("  \n"), "", ""}, nothing).find("k.file: is empty") == 0U);
    for (auto const* text : {"sk_car a", "sk_car\nabc", "sk_car\tx", "sk_car\x01", "sk_car\xc3\xa4"}) {
        auto const said = flaw({here.file(text), "", ""}, nothing);
        BOOST_TEST(said.find("k.file: has stray white space") == 0U);
        BOOST_TEST(said.find("sk_car") == std::string::npos);
    }
    BOOST_TEST(
        flaw({here.file(std::string(5000, 'a')), "", ""}, nothing).find("longer than 4096") !=
        std::string::npos);
    BOOST_TEST(flaw({"/nowhere/at/all", "", ""}, nothing).find("k.file: cannot read /nowhere/at/all") == 0U);
    BOOST_TEST(flaw({here.path(), "", ""}, nothing).find("k.file: cannot read") == 0U);
}

BOOST_AUTO_TEST_CASE(a_credential_lies_in_the_directory_of_the_service_manager)
{
    directory const here;
    here.file("abc\n");
    auto const get = [&](std::string const& name) -> std::optional<std::string> {
        if (name == "CREDENTIALS_DIRECTORY") return here.path();
        return std::nullopt;
    };
    BOOST_TEST(load_secret({"", "key", ""}, "k", get).reveal() == "abc");
    BOOST_TEST(flaw({"", "key", ""}, nothing).find("k.credential: $CREDENTIALS_DIRECTORY is not set") == 0U);
    BOOST_TEST(flaw({"", "other", ""}, get).find("k.credential: cannot read") == 0U);
}

BOOST_AUTO_TEST_CASE(the_environment_gives_a_key_too)
{
    auto const get = [](std::string const& name) -> std::optional<std::string> {
        if (name == "KEY") return "abc ";
        if (name == "LONG") return std::string(5000, 'a');
        return std::nullopt;
    };
    BOOST_TEST(load_secret({"", "", "KEY"}, "k", get).reveal() == "abc");
    BOOST_TEST(flaw({"", "", "OTHER"}, get) == "k.environment: $OTHER is not set");
    BOOST_TEST(flaw({"", "", "LONG"}, get) == "k.environment: $LONG is too long");
    BOOST_TEST(flaw({}, get) == "k: is not given");
}

BOOST_AUTO_TEST_SUITE_END()
