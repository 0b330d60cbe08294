// The program as a whole: its command line, start, drain and end; the admin listener.
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

finished voicegate(std::vector<std::string> words)
{
    words.insert(words.begin(), voicegate_program());
    return run(words);
}

struct bad_configuration {
    char const* changes;
    char const* place;
};

std::ostream& operator<<(std::ostream& out, bad_configuration const& bad) { return out << bad.place; }

constexpr std::array bad_configurations{
    bad_configuration{R"({"limits": {"head": "soon"}})",                                            "limits.head"            },
    bad_configuration{R"({"listn": {}})",                                                           "listn"                  },
    bad_configuration{R"({"threads": -1})",                                                         "threads"                },
    bad_configuration{R"({"upstream": {"url": "http://localhost:1"}})",                             "upstream.url"           },
    bad_configuration{R"({"tls": {"certificates": []}})",                                           "tls.certificates"       },
    bad_configuration{
                      R"({"tls": {"certificates": [{"chain": "server.pem", "key": "none.key"}]}})", "tls.certificates[0].key"},
    bad_configuration{R"({"process": {"user": "no-such-user"}})",                                   "process.user"           },
    bad_configuration{R"({"process": {"chroot": "none", "user": "nobody"}})",                       "process."               },
    bad_configuration{R"({"tokens": {"key_file": "none.jwk"}})",                                    "tokens.key_file"        },
};

bool refuses_connections(std::uint16_t port)
{
    try {
        client const one(port);
    } catch (std::runtime_error const&) {
        return true;
    }
    return false;
}

constexpr std::string_view hold = R"([{"path": "/tts/bytes", "do": "hold_after_chunks", "chunks": 1}])";

} // namespace

BOOST_FIXTURE_TEST_SUITE(command_line, scene)

BOOST_DATA_TEST_CASE(
    every_command_explains_itself,
    data::make({"serve", "check", "doctor", "keygen", "mint", "certs", "health", "version"}),
    command)
{
    auto const got = voicegate({command, "--help"});
    BOOST_TEST(got.status == 0);
    BOOST_TEST(!got.output.empty());
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_2)
{
    BOOST_TEST(voicegate({"fly"}).status == 2);
    BOOST_TEST(voicegate({}).status == 2);
    BOOST_TEST(voicegate({"serve", "--no-such-option"}).status == 2);
    BOOST_TEST(voicegate({"serve"}).status == 2);
}

BOOST_DATA_TEST_CASE(a_bad_configuration_is_78_and_its_place_is_named, data::make(bad_configurations), bad)
{
    auto const file = write_configuration(at.files, "bad", upstream.port(), bad.changes);
    for (auto const* command : {"check", "serve"}) {
        auto const got = voicegate({command, "--config", file});
        BOOST_TEST(got.status == 78);
        BOOST_TEST((got.errors + got.output).find(bad.place) != std::string::npos, got.errors);
    }
}

BOOST_AUTO_TEST_CASE(check_explains_a_good_configuration_and_no_secret)
{
    auto const got = voicegate({"check", "--config", gate.configuration_file()});
    BOOST_TEST(got.status == 0);
    BOOST_TEST(got.output.find("/tts/bytes") != std::string::npos);
    BOOST_TEST((got.output + got.errors).find(simulator::api_key) == std::string::npos);
    auto const key_file = read_file(at.files.path("tokens.jwk"));
    auto const k = key_file.find("\"k\"");
    BOOST_REQUIRE(k != std::string::npos);
    auto const secret = key_file.substr(key_file.find('"', k + 4) + 1, 40);
    BOOST_TEST((got.output + got.errors).find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(mint_prints_a_token_that_works)
{
    auto const got = voicegate(
        {"mint",
         "--config",
         gate.configuration_file(),
         "--grants",
         "tts,stt",
         "--expires-in",
         "60s",
         "--subject",
         "Ada"});
    BOOST_REQUIRE(got.status == 0);
    auto const own = got.output.substr(0, got.output.find('\n'));
    auto const told = ask(gate.port(), request("GET", "/session", {cookie(own)}));
    BOOST_TEST(told.status == 200U);
    BOOST_TEST(boost::json::parse(told.body).at("subject").as_string() == "Ada");
    BOOST_TEST(ask(gate.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 200U);
    BOOST_TEST(ask(gate.port(), handshake("/agents/stream/a1", {cookie(own)})).status == 403U);
}

BOOST_AUTO_TEST_CASE(certs_dev_makes_certificates_that_a_client_trusts)
{
    scratch_directory const here;
    BOOST_TEST(voicegate({"certs", "dev", here.path("dev")}).status == 0);
    auto const chain = here.path("dev/localhost.pem");
    auto own = at.another(
        R"({"tls": {"certificates": [{"chain": ")" + chain + R"(", "key": ")" +
        here.path("dev/localhost.key") + R"("}]}})");
    client_options trusting;
    trusting.ca_file = here.path("dev/ca.pem");
    BOOST_TEST(ask(own.port(), request("GET", "/"), trusting).status == 404U);
    client_options other;
    other.ca_file = at.files.path("ca.pem");
    BOOST_CHECK_THROW((void)ask(own.port(), request("GET", "/"), other), handshake_failed);
}

BOOST_AUTO_TEST_CASE(health_asks_the_running_gateway)
{
    auto ending_one = at.another("{}");
    auto const file = write_configuration(
        at.files,
        "health",
        upstream.port(),
        R"({"listen": {"admin": "127.0.0.1:)" + std::to_string(ending_one.admin_port()) + "\"}}");
    BOOST_TEST(voicegate({"health", "--config", file}).status == 0);
    ending_one.program().signal(SIGTERM);
    (void)ending_one.program().exit_status();
    BOOST_TEST(voicegate({"health", "--config", file}).status == 1);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_taken_is_an_error_and_no_hang)
{
    auto const file = write_configuration(
        at.files,
        "taken",
        upstream.port(),
        R"({"listen": {"admin": "127.0.0.1:)" + std::to_string(gate.admin_port()) + "\"}}");
    auto const got = voicegate({"serve", "--config", file});
    BOOST_TEST(got.status != 0);
    BOOST_TEST(!got.errors.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(drain, scene)

BOOST_AUTO_TEST_CASE(sigterm_lets_the_running_answer_end_and_then_the_program_ends_with_0)
{
    auto ending_one = at.another(R"({"drain": {"deadline": "20s"}})");
    upstream.faults(hold);
    client running(ending_one.port());
    running.send(request("POST", "/tts/bytes", {cookie(ending_one.mint("tts"))}, speech()));
    auto got = read_head(running);
    BOOST_REQUIRE(read_more(running, got));
    client idle(ending_one.port());
    idle.send(request("GET", "/nowhere"));
    (void)read_answer(idle);

    ending_one.program().signal(SIGTERM);
    idle.receive_to_end();
    BOOST_TEST((idle.how_ended() == ending::clean));
    await("the end of all listeners", [&] { return refuses_connections(ending_one.port()); });
    BOOST_TEST(ending_one.program().running());
    upstream.release();
    while (read_more(running, got)) {
    }
    BOOST_TEST(got.whole);
    running.receive_to_end();
    BOOST_TEST((running.how_ended() == ending::clean));
    BOOST_TEST(ending_one.program().exit_status() == 0);
    BOOST_TEST(ending_one.access_log().find("\"status\":200") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_idle_program_ends_at_once)
{
    auto ending_one = at.another("{}");
    ending_one.program().signal(SIGTERM);
    BOOST_TEST(ending_one.program().exit_status(deadline(seconds{5})) == 0);
    auto interrupted = at.another("{}");
    interrupted.program().signal(SIGINT);
    BOOST_TEST(interrupted.program().exit_status(deadline(seconds{5})) == 0);
}

BOOST_AUTO_TEST_CASE(a_second_signal_does_not_wait)
{
    auto ending_one = at.another(R"({"drain": {"deadline": "20s"}})");
    upstream.faults(hold);
    client running(ending_one.port());
    running.send(request("POST", "/tts/bytes", {cookie(ending_one.mint("tts"))}, speech()));
    auto got = read_head(running);
    BOOST_REQUIRE(read_more(running, got));
    ending_one.program().signal(SIGTERM);
    await("not ready", [&] { return ending_one.admin("/readyz").status == 503; });
    ending_one.program().signal(SIGTERM);
    BOOST_TEST(ending_one.program().exit_status(deadline(seconds{5})) != 127);
    running.receive_to_end();
    BOOST_TEST((running.how_ended() != ending::clean));
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_what_does_not_end_by_itself)
{
    auto ending_one = at.another(R"({"drain": {"deadline": "1s"}})");
    upstream.faults(hold);
    client running(ending_one.port());
    running.send(request("POST", "/tts/bytes", {cookie(ending_one.mint("tts"))}, speech()));
    auto got = read_head(running);
    BOOST_REQUIRE(read_more(running, got));
    ending_one.program().signal(SIGTERM);
    BOOST_TEST(ending_one.program().exit_status(deadline(seconds{8})) == 0);
    while (read_more(running, got)) {
    }
    BOOST_TEST(!got.whole);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(admin, scene)

BOOST_AUTO_TEST_CASE(a_log_that_was_put_aside_is_begun_anew_at_sigusr1)
{
    auto own = at.another("{}");
    auto const asks_for = [&](std::string const& path) {
        BOOST_TEST(ask(own.port(), request("GET", path)).status == 404U);
    };
    asks_for("/before");
    (void)own.await_log("/before");
    auto const aside = own.log_file() + ".1";
    std::filesystem::rename(own.log_file(), aside);
    own.program().signal(SIGUSR1);
    await("a new log", [&] { return std::filesystem::exists(own.log_file()); });
    asks_for("/after");
    BOOST_TEST(own.await_log("/after").find("/before") == std::string::npos);
    BOOST_TEST(read_file(aside).find("/after") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(health_readiness_and_metrics_are_told)
{
    BOOST_TEST(gate.admin("/healthz").status == 200U);
    BOOST_TEST(gate.admin("/readyz").status == 200U);
    auto const metrics = gate.admin("/metrics");
    BOOST_TEST(metrics.status == 200U);
    BOOST_TEST(metrics.value("content-type").starts_with("text/plain"));
    BOOST_TEST(metrics.body.find("# TYPE voicegate_") != std::string::npos);
    BOOST_TEST(
        gate.metric(R"(voicegate_certificate_end_timestamp_seconds{name="localhost"})") > 1'700'000'000U);
    BOOST_TEST(gate.admin("/else").status == 404U);
}

BOOST_AUTO_TEST_CASE(draining_is_not_ready_but_alive)
{
    auto ending_one = at.another(R"({"drain": {"deadline": "20s"}})");
    upstream.faults(hold);
    client running(ending_one.port());
    running.send(request("POST", "/tts/bytes", {cookie(ending_one.mint("tts"))}, speech()));
    auto got = read_head(running);
    ending_one.program().signal(SIGTERM);
    await("not ready", [&] { return ending_one.admin("/readyz").status == 503; });
    BOOST_TEST(ending_one.admin("/healthz").status == 200U);
    upstream.release();
    while (read_more(running, got)) {
    }
    BOOST_TEST(ending_one.program().exit_status() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
