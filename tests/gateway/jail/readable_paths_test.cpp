#include "gateway/jail/readable_paths.hpp"

#include "tests/gateway/scratch.hpp"

#include <algorithm>
#include <cstdlib>

using gateway::config;
using gateway::jail::readable_paths;
using tests::scratch;

namespace {

std::optional<std::string> no_environment(std::string const&) { return std::nullopt; }

bool has(std::vector<std::string> const& paths, std::string const& one)
{
    return std::ranges::find(paths, one) != paths.end();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(readable_paths_of_a_configuration, scratch)

BOOST_AUTO_TEST_CASE(every_file_that_is_named_lies_in_one_of_them)
{
    config of;
    of.tls.certificates = {
        {file("chain/a.pem"), file("key/a.key")}
    };
    of.upstream.ca_file = file("ca/ca.pem");
    of.upstream.api_key.file = file("api/key");
    of.tokens.key_file = file("tokens/keys");
    of.tokens.app_keys_file = file("app/keys");
    auto const got = readable_paths(of, {}, no_environment);
    for (auto const* directory : {"chain", "key", "ca", "api", "tokens", "app"})
        BOOST_TEST(has(got, path(directory)), directory);
    BOOST_TEST(!has(got, path()));
    BOOST_TEST(std::ranges::is_sorted(got));
}

BOOST_AUTO_TEST_CASE(a_link_counts_with_where_it_leads)
{
    std::filesystem::create_directory(path("live"));
    std::filesystem::create_symlink(file("archive/key1.pem"), path("live/key.pem"));
    config of;
    of.tokens.key_file = path("live/key.pem");
    auto const got = readable_paths(of, {}, no_environment);
    BOOST_TEST(has(got, path("live")));
    BOOST_TEST(has(got, path("archive")));
}

BOOST_AUTO_TEST_CASE(the_configuration_itself_lies_in_one_of_them)
{
    BOOST_TEST(has(readable_paths({}, file("etc/voicegate.json"), no_environment), path("etc")));
}

BOOST_AUTO_TEST_CASE(the_log_is_not_among_them)
{
    config of;
    of.log.access = file("log/access.log");
    BOOST_TEST(!has(readable_paths(of, {}, no_environment), path("log")));
}

BOOST_AUTO_TEST_CASE(credentials_count_where_one_is_named)
{
    auto const get = [](std::string const&) -> std::optional<std::string> { return "/run/credentials/x"; };
    config of;
    BOOST_TEST(!has(readable_paths(of, {}, get), "/run/credentials/x"));
    of.upstream.api_key.credential = "cartesia";
    BOOST_TEST(has(readable_paths(of, {}, get), "/run/credentials/x"));
}

BOOST_AUTO_TEST_CASE(look_ups_and_the_system_s_authorities_are_read_all_the_time)
{
    setenv("SSL_CERT_DIR", (path("one") + ":" + path("two")).c_str(), 1); // NOLINT(concurrency-mt-unsafe)
    auto const got = readable_paths({}, {}, no_environment);
    unsetenv("SSL_CERT_DIR"); // NOLINT(concurrency-mt-unsafe)
    for (auto const& one : {std::string("/etc/hosts"), path("one"), path("two")})
        BOOST_TEST(has(got, one), one);
    BOOST_TEST(!has(got, "/"));
}

BOOST_AUTO_TEST_SUITE_END()
