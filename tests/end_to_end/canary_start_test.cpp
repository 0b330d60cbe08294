// Secrets in the wrong place: in files that are flawed, at the start and at a reload, and in the
// configuration itself. What is said about them names the place, and never the secret.
#include "tests/app_signer.hpp"
#include "tests/end_to_end/canary.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <algorithm>
#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <sys/stat.h>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view mark = "CANARY9f27";

struct misplaced {
    char const* what;
    char const* changes; ///< of the configuration
};

constexpr std::array in_the_configuration{
    misplaced{"an API key as it is",         R"({"upstream": {"api_key": "CANARY9f27"}})"                                },
    misplaced{"an API key as a value",       R"({"upstream": {"api_key": {"value": "CANARY9f27"}}})"                     },
    misplaced{"an API key in a list",        R"({"upstream": {"api_key": ["CANARY9f27"]}})"                              },
    misplaced{"a password of the API's",     R"({"upstream": {"url": "https://u:CANARY9f27@localhost:1"}})"              },
    misplaced{"a password of the app's",     R"({"session": {"authorize_url": "https://u:CANARY9f27@app/"}})"            },
    misplaced{"a password of the keys'",     R"({"tokens": {"jwt": {"keys_url": "https://u:CANARY9f27@app/"}}})"         },
    misplaced{
              "a server key for its hash",   R"({"tokens": {"server_keys": [{"name": "a", "sha256": "CANARY9f27"}]}})"   },
    misplaced{"a server key",                R"({"tokens": {"server_keys": [{"name": "a", "key": "CANARY9f27"}]}})"      },
    misplaced{"sealing keys",                R"({"tokens": {"key_file": {"keys": [{"kty": "oct", "k": "CANARY9f27"}]}}})"},
    misplaced{"a text for a number",         R"({"threads": "CANARY9f27"})"                                              },
    misplaced{"a text for a time",           R"({"limits": {"head": "CANARY9f27"}})"                                     },
    misplaced{"the value of an unknown key", R"({"tls": {"password": "CANARY9f27"}})"                                    },
};

struct flawed_file {
    char const* what;
    char const* name;
    char const* content;
};

constexpr char const* with_own_keys =
    R"({"tokens": {"key_file": "own.jwk", "jwt": {"keys_file": "app.json", "issuer": "i", "audience": "a"}}})";

/// Files that SIGHUP reads too.
constexpr std::array key_files{
    flawed_file{"a text for sealing keys",   "own.jwk",  "CANARY9f27"                                                           },
    flawed_file{
                "a sealing key of odd size", "own.jwk",  R"({"keys":[{"kty":"oct","kid":"a","k":"CANARY9f27"}]})"               },
    flawed_file{"sealing keys in no list",   "own.jwk",  R"({"keys":"CANARY9f27"})"                                             },
    flawed_file{"sealing keys cut off",      "own.jwk",  R"({"keys":[{"kty":"oct","k":"CANARY9f27)"                             },
    flawed_file{"a text for the app's keys", "app.json", "CANARY9f27"                                                           },
    flawed_file{"a short secret",            "app.json", R"({"keys":[{"kty":"oct","alg":"HS256","k":"CANARY9f27"}]})"           },
    flawed_file{
                "a private key",             "app.json", R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"CANARY9f27"}]})"},
    flawed_file{
                "a PEM key",                 "app.json", "-----BEGIN PRIVATE KEY-----\nCANARY9f27\n-----END PRIVATE KEY-----\n" },
};

constexpr char const* with_other_files =
    R"({"upstream": {"api_key": {"file": "api.txt"}},
        "tls": {"certificates": [{"chain": "server.pem", "key": "tls.key"}]}})";

/// Files that only the start reads.
constexpr std::array other_files{
    flawed_file{"two lines for an API key", "api.txt", "CANARY9f27\nCANARY9f27"       },
    flawed_file{
                "a TLS key that is none",   "tls.key",
                "-----BEGIN PRIVATE KEY-----\nCANARY9f27\n-----END PRIVATE KEY-----\n"},
};

std::ostream& operator<<(std::ostream& out, misplaced const& one) { return out << one.what; }
std::ostream& operator<<(std::ostream& out, flawed_file const& one) { return out << one.what; }

/// Every command that reads the configuration says what is wrong with it, and no secret.
void expect_refused_in_silence(std::string const& file)
{
    for (std::string const command : {"serve", "check"}) {
        auto const ran = run({voicegate_program(), command, "--config", file});
        BOOST_TEST(ran.status == 78, command);
        BOOST_TEST(!ran.errors.empty(), command);
        lacks(command, ran.output + ran.errors, mark);
    }
    auto const ran = run({voicegate_program(), "mint", "--config", file, "--grants", "tts"});
    lacks("mint", ran.output + ran.errors, mark);
}

void write_private(std::string const& path, std::string_view content)
{
    write_file(path, content);
    BOOST_REQUIRE(chmod(path.c_str(), 0600) == 0);
}

struct marked_scene : scene {
    marked_scene() { write_good_files(); }
    ~marked_scene() { write_good_files(); }

    void write_good_files() const
    {
        put("own.jwk", read_file(at.files.path("tokens.jwk")));
        put("app.json", app_signer("HS256", "a").jwk_set());
        put("api.txt", read_file(at.files.path("api.key")));
        put("tls.key", read_file(at.files.path("server.key")));
    }
    void put(char const* name, std::string_view content) const
    {
        write_private(at.files.path(name), content);
    }
    [[nodiscard]] std::string configuration(char const* changes) const
    {
        return write_configuration(at.files, "marked", upstream.port(), changes);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(secrets_in_wrong_places, marked_scene)

BOOST_DATA_TEST_CASE(a_flawed_configuration_tells_no_secret, data::make(in_the_configuration), one)
{
    expect_refused_in_silence(configuration(one.changes));
}

BOOST_AUTO_TEST_CASE(a_configuration_that_is_no_json_tells_no_secret)
{
    auto const file = at.files.path("marked-text.json");
    for (auto const* text :
         {R"({"upstream": {"api_key": "CANARY9f27" oops)",
          R"({"upstream": {"api_key": CANARY9f27}})",
          R"({"a": "CANARY9f27", "a": "CANARY9f27"})",
          "CANARY9f27"}) {
        write_file(file, text);
        expect_refused_in_silence(file);
    }
}

BOOST_DATA_TEST_CASE(
    a_flawed_file_tells_no_secret_at_the_start, data::make(key_files) + data::make(other_files), one)
{
    put(one.name, one.content);
    auto const of_keys =
        std::ranges::find(key_files, std::string_view(one.name), &flawed_file::name) != key_files.end();
    expect_refused_in_silence(configuration(of_keys ? with_own_keys : with_other_files));
}

BOOST_AUTO_TEST_CASE(a_flawed_file_tells_no_secret_at_a_reload)
{
    auto own = at.another(with_own_keys);
    auto failures = 0;
    for (auto const& one : key_files) {
        write_good_files();
        put(one.name, one.content);
        own.program().signal(SIGHUP);
        auto const counted = "\nvoicegate_reload_failures_total " + std::to_string(++failures) + "\n";
        await(
            "a failed reload", [&] { return own.admin("/metrics").body.find(counted) != std::string::npos; });
    }
    BOOST_TEST(ask(own.port(), request("GET", "/session", {cookie(own.mint("tts"))})).status == 200U);
    auto const metrics = own.admin("/metrics").body;
    own.program().signal(SIGTERM);
    BOOST_TEST(own.program().exit_status() == 0);
    for (auto const* field : {"tokens.key_file: ", "tokens.jwt.keys_file: "})
        BOOST_TEST(own.errors().find(field) != std::string::npos, field);
    lacks("stderr", own.errors(), mark);
    lacks("the metrics", metrics, mark);
    lacks("the access log", own.access_log(), mark);
}

BOOST_AUTO_TEST_SUITE_END()
