#include "tests/fuzz/targets.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string read_file(std::filesystem::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Sends every seed of a target through it, once. A broken promise aborts, and Boost.Test tells at which seed.
void replay(std::string const& name, void (*target)(std::string_view bytes))
{
    auto sent = 0;
    for (auto const& seed : std::filesystem::directory_iterator(std::filesystem::path(FUZZ_SEEDS) / name)) {
        BOOST_TEST_CHECKPOINT(name << "/" << seed.path().filename().string());
        auto const bytes = read_file(seed.path());
        target(bytes);
        ++sent;
    }
    BOOST_TEST(sent > 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(seeds)

BOOST_AUTO_TEST_CASE(answer) { replay("answer", fuzz::answer); }
BOOST_AUTO_TEST_CASE(body) { replay("body", fuzz::body); }
BOOST_AUTO_TEST_CASE(configuration) { replay("configuration", fuzz::configuration); }
BOOST_AUTO_TEST_CASE(cookie) { replay("cookie", fuzz::cookie); }
BOOST_AUTO_TEST_CASE(forward) { replay("forward", fuzz::forward); }
BOOST_AUTO_TEST_CASE(forwarded) { replay("forwarded", fuzz::forwarded); }
BOOST_AUTO_TEST_CASE(frames) { replay("frames", fuzz::frames); }
BOOST_AUTO_TEST_CASE(json) { replay("json", fuzz::json); }
BOOST_AUTO_TEST_CASE(key_set) { replay("key_set", fuzz::key_set); }
BOOST_AUTO_TEST_CASE(log_line) { replay("log_line", fuzz::log_line); }
BOOST_AUTO_TEST_CASE(own_body) { replay("own_body", fuzz::own_body); }
BOOST_AUTO_TEST_CASE(proxy_header) { replay("proxy_header", fuzz::proxy_header); }
BOOST_AUTO_TEST_CASE(request) { replay("request", fuzz::request); }
BOOST_AUTO_TEST_CASE(response) { replay("response", fuzz::response); }
BOOST_AUTO_TEST_CASE(sealed_token) { replay("sealed_token", fuzz::sealed_token); }
BOOST_AUTO_TEST_CASE(signed_token) { replay("signed_token", fuzz::signed_token); }
BOOST_AUTO_TEST_CASE(target) { replay("target", fuzz::target); }
BOOST_AUTO_TEST_CASE(tls) { replay("tls", fuzz::tls); }

BOOST_AUTO_TEST_SUITE_END()
