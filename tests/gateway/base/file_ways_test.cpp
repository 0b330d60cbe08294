#include "gateway/base/file_ways.hpp"

#include "tests/gateway/scratch.hpp"

using gateway::way_mark;
using gateway::way_to;

namespace {

struct ways : tests::scratch {
    void link(std::string const& to, std::string const& name) const
    {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        std::filesystem::create_symlink(to, path(name));
    }
    void
    leads_over(std::string const& file, std::vector<std::pair<std::string, std::string>> const& marks) const
    {
        std::set<way_mark> expected;
        for (auto const& [directory, name] : marks)
            expected.insert({path(directory), name});
        auto const got = way_to(path(file));
        BOOST_TEST((got == expected));
        for (auto const& mark : got)
            BOOST_TEST_MESSAGE(mark.directory + " " + mark.name);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_ways, ways)

BOOST_AUTO_TEST_CASE(a_plain_file_is_looked_up_in_its_directory)
{
    file("deep/down/key.pem");
    leads_over(
        "deep/down/key.pem",
        {
            {"deep/down", "key.pem"}
    });
}

BOOST_AUTO_TEST_CASE(certbot_replaces_the_link)
{
    file("archive/x/cert7.pem");
    link("../../archive/x/cert7.pem", "live/x/cert.pem");
    leads_over(
        "live/x/cert.pem",
        {
            {"live/x",    "cert.pem" },
            {"archive/x", "cert7.pem"}
    });
}

BOOST_AUTO_TEST_CASE(kubernetes_replaces_a_link_to_a_directory)
{
    file("tls/..2026_07/tls.crt");
    link("..2026_07", "tls/..data");
    link("..data/tls.crt", "tls/tls.crt");
    leads_over(
        "tls/tls.crt",
        {
            {"tls",           "tls.crt"},
            {"tls",           "..data" },
            {"tls/..2026_07", "tls.crt"}
    });
}

BOOST_AUTO_TEST_CASE(an_absolute_link_begins_anew)
{
    file("real/key.pem");
    link(path("real"), "by/name");
    leads_over(
        "by/name/key.pem",
        {
            {"by",   "name"   },
            {"real", "key.pem"}
    });
}

BOOST_AUTO_TEST_CASE(what_is_not_there_yet_ends_the_way)
{
    std::filesystem::create_directories(path("here"));
    leads_over(
        "here/later/key.pem",
        {
            {"here", "later"}
    });
    link("nowhere", "dangling");
    leads_over(
        "dangling",
        {
            {"", "dangling"},
            {"", "nowhere" }
    });
}

BOOST_AUTO_TEST_CASE(a_ring_of_links_has_an_end)
{
    link("b", "a");
    link("a", "b");
    leads_over(
        "a",
        {
            {"", "a"},
            {"", "b"}
    });
}

BOOST_AUTO_TEST_SUITE_END()
