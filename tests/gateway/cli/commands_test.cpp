#include "certs/digest.hpp"
#include "gateway/base/token_cipher.hpp"
#include "gateway/cli/load.hpp"
#include "tests/gateway/cli/shell.hpp"

#include <boost/json/parse.hpp>

#include <sys/stat.h>

using tests::shell;
using namespace gateway;

namespace {

unsigned mode_of(std::string const& name)
{
    struct stat about {};
    BOOST_REQUIRE(stat(name.c_str(), &about) == 0);
    return about.st_mode & 0777U;
}

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(help_is_there_for_all)
{
    shell s;
    auto const all = s.run({"--help"});
    BOOST_TEST(all.code == 0);
    for (std::string const command :
         {"serve", "check", "doctor", "keygen tokens", "keygen server", "mint", "certs dev", "health", "version"}) {
        BOOST_TEST(contains(all.out, "  " + command + " "));
        auto const space = command.find(' ');
        auto const one = space == std::string::npos
                             ? s.run({command, "--help"})
                             : s.run({command.substr(0, space), command.substr(space + 1), "--help"});
        BOOST_TEST(one.code == 0);
        BOOST_TEST(contains(one.out, "usage: voicegate " + command));
    }
    BOOST_TEST(s.run({"certs", "--help"}).code == 0);
}

BOOST_AUTO_TEST_CASE(wrong_calls_exit_2)
{
    shell s;
    BOOST_TEST(s.run({}).code == 2);
    BOOST_TEST(s.run({"run"}).code == 2);
    BOOST_TEST(s.run({"certs"}).code == 2);
    BOOST_TEST(s.run({"serve"}).code == 2);
    BOOST_TEST(s.run({"serve", "--config"}).code == 2);
    BOOST_TEST(s.run({"serve", "--config", "a", "--port", "1"}).code == 2);
    BOOST_TEST(s.run({"keygen", "tokens"}).code == 2);
    BOOST_TEST(s.run({"keygen", "server", "a b"}).code == 2);
    BOOST_TEST(s.run({"version", "now"}).code == 2);
    BOOST_TEST(contains(s.run({"serve"}).err, "--config must be given"));
}

BOOST_AUTO_TEST_CASE(the_version_is_one_line)
{
    shell s;
    BOOST_TEST(s.run({"version"}).out.starts_with("voicegate "));
    BOOST_TEST(s.run({"--version"}).code == 0);
}

BOOST_AUTO_TEST_CASE(serve_gets_the_configuration_and_gives_the_exit_code)
{
    shell s;
    auto const file = s.set_up();
    s.serve_returns = 7;
    BOOST_TEST(s.run({"serve", "--config", file, "--threads", "3", "--print-ports"}).code == 7);
    BOOST_TEST_REQUIRE(s.served.size() == 1U);
    BOOST_TEST(s.served[0].first.threads == 3U);
    BOOST_TEST(s.served[0].first.tokens.key_file == s.path("tokens.jwks"));
    BOOST_TEST(s.served[0].second.print_ports);
    BOOST_TEST(s.served[0].second.config_file == file);
    BOOST_TEST(s.run({"serve", "--config", file, "--threads", "many"}).code == 2);
    BOOST_TEST(s.run({"serve", "--config", file, "--threads", "1025"}).code == 2);
}

BOOST_AUTO_TEST_CASE(serve_refuses_a_bad_configuration_before_it_starts)
{
    shell s;
    auto const file = s.set_up();
    std::filesystem::remove(s.path("tokens.jwks"));
    auto const got = s.run({"serve", "--config", file});
    BOOST_TEST(got.code == 78);
    BOOST_TEST(got.err.starts_with("tokens.key_file: cannot read"));
    BOOST_TEST(s.run({"serve", "--config", s.path("none.json")}).code == 78);
    BOOST_TEST(s.served.empty());
}

BOOST_AUTO_TEST_CASE(token_keys_are_made_and_rotated)
{
    shell s;
    auto const name = s.path("tokens.jwks");
    BOOST_TEST(s.run({"keygen", "tokens", name}).code == 0);
    auto const first = certs::read_key_set(cli::read_file(name)).front().id;
    BOOST_TEST(mode_of(name) == 0600U);
    BOOST_TEST(s.run({"keygen", "tokens", name}).code == 0);
    auto const two = certs::read_key_set(cli::read_file(name));
    BOOST_TEST(two.size() == 2U);
    BOOST_TEST(two[1].id == first);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(s.run({"keygen", "tokens", name}).code == 0);
    BOOST_TEST(certs::read_key_set(cli::read_file(name)).size() == 3U);
    BOOST_TEST(mode_of(name) == 0600U);

    BOOST_REQUIRE(chmod(name.c_str(), 0644) == 0);
    BOOST_TEST(s.run({"keygen", "tokens", name}).code == 0);
    BOOST_TEST(mode_of(name) == 0640U); // the service may read it through its group, others may not

    s.file("broken", "{");
    BOOST_TEST(s.run({"keygen", "tokens", s.path("broken")}).code == 1);
    BOOST_TEST(cli::read_file(s.path("broken")) == "{");
    BOOST_TEST(s.run({"keygen", "tokens", s.path("no/such/place")}).code == 1);
}

BOOST_AUTO_TEST_CASE(token_keys_have_a_term_when_asked)
{
    shell s;
    auto const name = s.path("tokens.jwks");
    auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    BOOST_TEST(s.run({"keygen", "tokens", name, "--valid-for", "90d"}).code == 0);
    BOOST_TEST(
        s.run({"keygen", "tokens", name, "--active-in", "1h", "--valid-for=2h", "--keep", "2"}).code == 0);
    auto const keys = certs::read_key_set(cli::read_file(name));
    BOOST_TEST_REQUIRE(keys.size() == 2U);
    auto const near = [&](std::chrono::sys_seconds at, std::chrono::seconds from_now) {
        return at >= now + from_now && at <= now + from_now + std::chrono::minutes(1);
    };
    BOOST_TEST(near(keys[0].term.not_before, std::chrono::hours(1)));
    BOOST_TEST(near(keys[0].term.not_after, std::chrono::hours(3)));
    BOOST_TEST((keys[1].term.not_before == certs::key_term{}.not_before));
    BOOST_TEST(near(keys[1].term.not_after, std::chrono::days(90)));
    BOOST_TEST(s.run({"keygen", "tokens", name, "--keep", "1"}).code == 0);
    BOOST_TEST(certs::read_key_set(cli::read_file(name)).size() == 1U);

    for (auto const* wrong : {"--keep=0", "--keep=17", "--keep=x", "--active-in=soon", "--valid-for=0s"})
        BOOST_TEST(s.run({"keygen", "tokens", name, wrong}).code == 2, wrong);
    auto const gap = s.run({"keygen", "tokens", name, "--keep=1", "--active-in=1h"});
    BOOST_TEST(gap.code == 2);
    BOOST_TEST(contains(gap.err, "--keep must be 2 at least"), gap.err);
}

BOOST_AUTO_TEST_CASE(keys_of_which_none_is_active_are_refused_with_the_remedy)
{
    shell s;
    auto const file = s.set_up();
    std::filesystem::remove(s.path("tokens.jwks"));
    BOOST_TEST(s.run({"keygen", "tokens", s.path("tokens.jwks"), "--active-in", "1h"}).code == 0);
    for (auto const& got :
         {s.run({"check", "--config", file}), s.run({"mint", "--config", file, "--grants", "tts"})}) {
        BOOST_TEST(got.code == 78);
        BOOST_TEST(got.err.starts_with("tokens.key_file: " + s.path("tokens.jwks")), got.err);
        BOOST_TEST(contains(got.err, "no key is active now"), got.err);
        BOOST_TEST(contains(got.err, "`voicegate keygen tokens " + s.path("tokens.jwks") + "`"), got.err);
    }
}

BOOST_AUTO_TEST_CASE(a_server_key_comes_with_its_configuration_entry)
{
    shell s;
    auto const got = s.run({"keygen", "server", "app"});
    BOOST_TEST(got.code == 0);
    auto const line_end = got.out.find('\n');
    auto const key = got.out.substr(0, line_end);
    BOOST_TEST(key.starts_with("vgk_"));
    BOOST_TEST(key.size() == 4U + 48U);
    auto const entry = boost::json::parse(got.out.substr(line_end)).as_object();
    BOOST_TEST(std::string(entry.at("sha256").as_string()) == certs::sha256_hex(key));
    BOOST_TEST(s.run({"keygen", "server", "app"}).out != got.out);
    BOOST_TEST(!contains(got.err, key));
}

BOOST_AUTO_TEST_CASE(mint_prints_a_token_that_the_gateway_opens)
{
    shell s;
    auto const file = s.set_up();
    auto const got =
        s.run({"mint", "--config", file, "--grants", "tts,agent", "--expires-in", "5m", "--subject", "ann"});
    BOOST_TEST_REQUIRE(got.code == 0);
    published<certs::key_set> const keys(
        std::make_shared<certs::key_set const>(certs::read_key_set(cli::read_file(s.path("tokens.jwks")))));
    token_cipher const cipher(keys);
    auto const about = policy::open_sealed(got.out.substr(0, got.out.size() - 1), cipher, {});
    BOOST_TEST_REQUIRE(about.has_value());
    BOOST_TEST(about->sub == "ann");
    BOOST_TEST((about->grants == policy::grant_set{policy::grant::tts, policy::grant::agent}));
    BOOST_TEST((about->expires_at - about->issued_at == std::chrono::minutes(5)));

    BOOST_TEST(s.run({"mint", "--config", file, "--grants", "tts,all"}).code == 2);
    BOOST_TEST(s.run({"mint", "--config", file, "--grants", "tts", "--expires-in", "2h"}).code == 2);
    BOOST_TEST(
        s.run({"mint", "--config", file, "--grants", "tts", "--subject", std::string(129, 'a')}).code == 2);
    BOOST_TEST(s.run({"mint", "--config", file, "--grants", "tts", "--subject", "\xff"}).code == 1);
}

BOOST_AUTO_TEST_CASE(development_certificates_are_made)
{
    shell s;
    BOOST_TEST(s.run({"certs", "dev", s.path("tls"), "--name", "a.test", "--name=10.0.0.1"}).code == 0);
    for (auto const* name : {"ca.pem", "localhost.pem", "localhost.key"})
        BOOST_TEST(std::filesystem::exists(s.path(std::string("tls/") + name)));
    BOOST_TEST(mode_of(s.path("tls/localhost.key")) == 0600U);
}

BOOST_AUTO_TEST_SUITE_END()
