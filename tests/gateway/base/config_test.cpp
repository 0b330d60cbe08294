#include "gateway/base/config.hpp"
#include "gateway/base/config_rules.hpp"
#include "tests/gateway/base/config_text.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace gateway;
using namespace std::chrono_literals;
using tests::config_text;

BOOST_AUTO_TEST_SUITE(config_reading)

BOOST_AUTO_TEST_CASE(the_smallest_configuration_has_every_default)
{
    auto const got = read_config(config_text(), "/etc/voicegate");
    auto const usual = config{};
    BOOST_TEST(got.tls.certificates.at(0).chain == "/etc/voicegate/a.pem");
    BOOST_TEST(got.tls.certificates.at(0).key == "/etc/voicegate/a.key");
    BOOST_TEST(got.tokens.key_file == "/etc/voicegate/tokens.jwks");
    BOOST_TEST(got.upstream.api_key.environment == "CARTESIA_API_KEY");
    BOOST_TEST(got.upstream.host == "api.cartesia.ai");
    BOOST_TEST(got.upstream.port == 443);
    BOOST_TEST(got.listen.https.size() == 2U);
    BOOST_TEST(got.listen.admin.value().port == 9100);
    BOOST_TEST(got.listen.proxies.empty());
    BOOST_TEST(!got.listen.proxy_protocol);
    BOOST_TEST(got.limits.head_bytes == usual.limits.head_bytes);
    BOOST_TEST(got.tokens.judge.cookie_name == "__Host-cartesia_token");
    BOOST_TEST(got.log.access == "stdout");
    BOOST_TEST(got.reload.watch);
    BOOST_TEST(got.process.user == "");
    BOOST_TEST(got.process.seccomp);
    BOOST_TEST(got.process.landlock);
}

constexpr auto everything = R"({
    // what a person may write
    "listen": {"https": ["127.0.0.1:0", "[::1]:8443"], "http": [], "admin": null, "backlog": 128,
               "proxies": ["10.0.0.0/8", "::1", "::ffff:192.0.2.0/120", "2001:db8::/32"], "proxy_protocol": true},
    "threads": 3,
    "tls": {
        "certificates": [{"chain": "a.pem", "key": "/abs/a.key"}, {"chain": "../b.pem", "key": "b.key"},],
        "ticket_rotation": "30m", "hsts_max_age": "0s",
    },
    "upstream": {
        "url": "https://[::1]:9443", "server_name": "localhost", "ca_file": "ca.pem", "credential": "api_key",
        "api_key": {"file": "key"}, "access_token_lifetime": "3600s", "api_version": "2025-04-16",
        "idle_max": 0, "connections_max": 7, "idle_for": "9s", "resolve_every": "1m",
        "warm": {"connections_min": 2, "connections_max": 5, "grants": [["tts"], ["stt", "agent"]], "websockets": 3,
                 "websockets_idle_for": "2m"}
    },
    "tokens": {
        "cookie": "t", "key_file": "k", "accept": ["sealed"], "cartesia_issuer": "https://x", "query_token": true,
        "leeway": "5s", "lifetime_default": "2m", "lifetime_max": "1h", "stream_outlives_token": "1d", "revocations_max": 99,
        "server_keys": [
            {"name": "app", "sha256": "00000000000000000000000000000000000000000000000000000000000000ab", "grants": ["tts"],
             "lifetime_max": "30m", "subject_prefix": "tenant-7:"},
            {"name": "b", "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]
    },
    "session": {"lifetime": "3d", "renew_grace": "2s", "renew_on_use": false, "clear_site_data": false,
                "handoff_lifetime": "9s", "handoffs_max": 99,
                "authorize_url": "https://app.example?who=1",
                "authorize_ca_file": "app.pem", "authorize_headers": ["X-Tenant", "Authorization"],
                "authorize_deadline": "2s", "authorize_in_flight_max": 7, "recheck": "5m"},
    "browsers": {
        "origins": ["https://App.Example.com:443", "https://app.example.com:8443", "http://localhost:3000", "https://[0:0::1]"],
        "preflight_max_age": "10m",
    },
    "routes": [{"path": "/voices/{id}", "methods": ["GET", "HEAD"], "transport": "http", "grant": "stt"}],
    "limits": {"body_bytes": "4GiB", "frame_bytes": 4096, "head": "250ms", "connections": 5, "websocket_idle": "2h",
               "connections_per_address": 0, "handshakes": 7, "failures": 0, "failure_refill": "250ms",
               "failure_entries": 128, "rejected_for": "0s"},
    "log": {"access": "logs/access.log", "queue_bytes": "1MiB"}, /* and here */
    "drain": {"delay": "250ms", "deadline": "5s", "spread": "2s"},
    "reload": {"watch": false},
    "process": {"user": "voicegate", "chroot": "root", "seccomp": false, "landlock": false}
})";

BOOST_AUTO_TEST_CASE(listeners_certificates_and_upstream_are_read)
{
    auto const got = read_config(everything, "/etc/vg");
    BOOST_TEST(got.listen.https.at(1).host == "::1");
    BOOST_TEST(got.listen.http.empty());
    BOOST_TEST(!got.listen.admin.has_value());
    BOOST_TEST(got.listen.backlog == 128);
    BOOST_TEST_REQUIRE(got.listen.proxies.size() == 4U);
    BOOST_TEST(got.listen.proxies[0].text() == "10.0.0.0/8");
    BOOST_TEST(got.listen.proxies[1].text() == "::1");
    BOOST_TEST(got.listen.proxies[2].text() == "192.0.2.0/24");
    BOOST_TEST(got.listen.proxies[3].text() == "2001:db8::/32");
    BOOST_TEST(got.listen.proxy_protocol);
    BOOST_TEST(got.threads == 3U);
    BOOST_TEST(got.tls.certificates.at(0).key == "/abs/a.key");
    BOOST_TEST(got.tls.certificates.at(1).chain == "/etc/b.pem");
    BOOST_TEST((got.tls.ticket_rotation == 30min));
    BOOST_TEST((got.tls.hsts_max_age == 0s));
    BOOST_TEST(got.upstream.host == "::1");
    BOOST_TEST(got.upstream.port == 9443);
    BOOST_TEST(got.upstream.server_name == "localhost");
    BOOST_TEST(got.upstream.ca_file == "/etc/vg/ca.pem");
    BOOST_TEST((got.upstream.credential == credential_kind::api_key));
    BOOST_TEST(got.upstream.api_key.file == "/etc/vg/key");
    BOOST_TEST(got.upstream.idle_max == 0U);
    BOOST_TEST(got.upstream.connections_max == 7U);
    BOOST_TEST(got.upstream.warm.connections_min == 2U);
    BOOST_TEST(got.upstream.warm.connections_max == 5U);
    BOOST_TEST((got.upstream.warm.grants.at(0) == policy::grant_set{policy::grant::tts}));
    BOOST_TEST(
        (got.upstream.warm.grants.at(1) == policy::grant_set{policy::grant::stt, policy::grant::agent}));
    BOOST_TEST(got.upstream.warm.websockets == 3U);
    BOOST_TEST((got.upstream.warm.websockets_idle_for == 2min));
}

BOOST_AUTO_TEST_CASE(tokens_routes_limits_and_log_are_read)
{
    auto const got = read_config(everything, "/etc/vg");
    BOOST_TEST(got.tokens.judge.cookie_name == "t");
    BOOST_TEST(got.tokens.judge.accepts_sealed);
    BOOST_TEST(!got.tokens.judge.accepts_cartesia);
    BOOST_TEST(got.tokens.judge.accepts_query_token);
    BOOST_TEST((got.tokens.judge.leeway == 5s));
    BOOST_TEST((got.tokens.stream_outlives_token == 24h));
    BOOST_TEST((got.tokens.server_keys.at(0).grants == policy::grant_set{policy::grant::tts}));
    BOOST_TEST((got.tokens.server_keys.at(0).lifetime_max == 30min));
    BOOST_TEST(got.tokens.server_keys.at(0).subject_prefix == "tenant-7:");
    BOOST_TEST(got.tokens.server_keys.at(1).grants.has(policy::grant::agent));
    BOOST_TEST((got.tokens.server_keys.at(1).lifetime_max == 0s));
    BOOST_TEST((got.session.lifetime == 72h));
    BOOST_TEST((got.session.renew_grace == 2s));
    BOOST_TEST(!got.session.renew_on_use);
    BOOST_TEST(!got.session.clear_site_data);
    BOOST_TEST((got.session.handoff_lifetime == 9s));
    BOOST_TEST(got.session.handoffs_max == 99U);
    BOOST_TEST(got.session.authorize.url.authority() == "app.example");
    BOOST_TEST(got.session.authorize.url.target == "/?who=1");
    BOOST_TEST(got.session.authorize.url.tls);
    BOOST_TEST(got.session.authorize.ca_file == "/etc/vg/app.pem");
    BOOST_TEST((got.session.authorize.headers == std::vector<std::string>{"x-tenant", "authorization"}));
    BOOST_TEST((got.session.authorize.deadline == 2s));
    BOOST_TEST(got.session.authorize.in_flight_max == 7U);
    BOOST_TEST((got.session.authorize.recheck == 5min));
    BOOST_TEST(got.routes.at(0).path == "/voices/{id}");
    BOOST_TEST(got.routes.at(0).methods.has(policy::method::head));
    BOOST_TEST((got.routes.at(0).needs == policy::grant::stt));
    BOOST_TEST(got.limits.body_bytes == 4ULL << 30);
    BOOST_TEST(got.limits.frame_bytes == 4096U);
    BOOST_TEST((got.limits.head == 250ms));
    BOOST_TEST((got.limits.websocket_idle == 2h));
    BOOST_TEST(got.limits.connections_per_address == 0U);
    BOOST_TEST(got.limits.handshakes == 7U);
    BOOST_TEST(got.limits.failures == 0U);
    BOOST_TEST((got.limits.failure_refill == 250ms));
    BOOST_TEST(got.limits.failure_entries == 128U);
    BOOST_TEST((got.limits.rejected_for == 0s));
    BOOST_TEST(got.log.access == "/etc/vg/logs/access.log");
    BOOST_TEST((got.drain.delay == 250ms));
    BOOST_TEST((got.drain.deadline == 5s));
    BOOST_TEST((got.drain.spread == 2s));
    BOOST_TEST(!got.reload.watch);
    BOOST_TEST(got.process.user == "voicegate");
    BOOST_TEST(got.process.chroot == "/etc/vg/root");
    BOOST_TEST(!got.process.seccomp);
    BOOST_TEST(!got.process.landlock);
}

BOOST_AUTO_TEST_CASE(origins_are_read_as_browsers_write_them)
{
    auto const got = read_config(everything, "/etc/vg");
    std::vector<std::string> const wanted{
        "https://app.example.com", "https://app.example.com:8443", "http://localhost:3000", "https://[::1]"};
    BOOST_TEST(got.tokens.judge.origins == wanted, boost::test_tools::per_element());
    BOOST_TEST((got.browsers.preflight_max_age == 10min));
    auto const usual = read_config(config_text(), "/etc/vg");
    BOOST_TEST(usual.tokens.judge.origins.empty());
    BOOST_TEST((usual.browsers.preflight_max_age == 2h));
    BOOST_TEST(usual.session.clear_site_data);
}

BOOST_AUTO_TEST_CASE(a_gateway_that_takes_only_cartesia_tokens_needs_no_key_of_its_own)
{
    auto const got = read_config(
        config_text({
            {"tokens",   R"({"accept":["cartesia"]})"},
            {"upstream", ""                          }
    }),
        "/");
    BOOST_TEST(!got.tokens.judge.accepts_sealed);
    BOOST_TEST(got.tokens.judge.accepts_cartesia);
}

BOOST_AUTO_TEST_CASE(a_gateway_may_take_the_apps_tokens_alone)
{
    auto const text = [](std::string const& upstream) {
        return config_text({
            {"tokens",
             R"({"accept":[],"jwt":{"keys_file":"app.json","issuer":"https://app","audience":"voice"}})"},
            {"upstream", upstream                                                                       }
        });
    };
    auto const got =
        read_config(text(R"({"api_key":{"environment":"K"},"warm":{"grants":[["tts"]]}})"), "/etc/vg");
    BOOST_TEST(!got.tokens.judge.accepts_sealed);
    BOOST_TEST(!got.tokens.judge.accepts_cartesia);
    BOOST_TEST_REQUIRE(got.tokens.judge.app.has_value());
    BOOST_TEST(got.tokens.judge.app->issuer == "https://app");
    BOOST_TEST(got.tokens.judge.app->audience == "voice");
    BOOST_TEST((got.tokens.judge.app->lifetime_max == 24h));
    BOOST_TEST(got.tokens.app_keys_file == "/etc/vg/app.json");
    BOOST_CHECK_THROW((void)read_config(text(""), "/"), config_error); // a credential is lent to these, too
    BOOST_TEST(!read_config(config_text(), "/").tokens.judge.app);
}

BOOST_AUTO_TEST_CASE(the_apps_keys_may_stand_at_a_url)
{
    auto const got = read_config(
        config_text({
            {"tokens",
             R"({"key_file":"k","jwt":{"keys_url":"http://[::1]:8080/k","keys_ca_file":"a","keys_refresh":"1m",)"
             R"("issuer":"https://app","audience":"voice"}})"}
    }),
        "/etc/vg");
    BOOST_TEST(got.tokens.app_keys_url.authority() == "[::1]:8080");
    BOOST_TEST(got.tokens.app_keys_url.target == "/k");
    BOOST_TEST(!got.tokens.app_keys_url.tls);
    BOOST_TEST(got.tokens.app_keys_ca_file == "/etc/vg/a");
    BOOST_TEST((got.tokens.app_keys_refresh == 60s));
}

BOOST_AUTO_TEST_CASE(sessions_that_the_app_opens_are_sealed)
{
    auto const text = config_text({
        {"tokens",  R"({"accept":["cartesia"]})"                    },
        {"session", R"({"authorize_url":"https://app.example/who"})"}
    });
    BOOST_CHECK_EXCEPTION((void)read_config(text, "/"), config_error, [](config_error const& flaw) {
        return flaw.where() == "session.authorize_url";
    });
}

BOOST_AUTO_TEST_CASE(what_serves_sealed_tokens_only_is_not_warmed_without_them)
{
    for (auto const* warm : {R"({"websockets":1})", R"({"grants":[["tts"]]})"}) {
        auto const upstream = std::string(R"({"warm":)") + warm + "}";
        auto const text = config_text({
            {"tokens",   R"({"accept":["cartesia"]})"},
            {"upstream", upstream                    }
        });
        BOOST_CHECK_EXCEPTION((void)read_config(text, "/"), config_error, [](config_error const& flaw) {
            return flaw.where().starts_with("upstream.warm.");
        });
    }
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_all_named)
{
    auto const configuration = read_config(
        config_text({
            {"tls", R"({"certificates":[{"chain":".","key":"none"}]})"}
    }),
        "/tmp");
    auto const flaws = unusable_files(configuration);
    BOOST_TEST_REQUIRE(flaws.size() == 3U);
    BOOST_TEST(flaws[0].where() == "tls.certificates[0].chain");
    BOOST_TEST(std::string(flaws[0].what()).find("is a directory") != std::string::npos);
    BOOST_TEST(flaws[1].where() == "tls.certificates[0].key");
    BOOST_TEST(std::string(flaws[1].what()).find("/tmp/none: No such file") != std::string::npos);
    BOOST_TEST(flaws[2].where() == "tokens.key_file");
}

BOOST_AUTO_TEST_CASE(key_files_that_are_open_to_others_are_all_named)
{
    namespace fs = std::filesystem;
    auto const directory = fs::temp_directory_path() / ("vg_config_" + std::to_string(getpid()));
    fs::create_directory(directory);
    for (auto const* name : {"chain", "key", "api", "tokens.jwks"}) {
        std::ofstream(directory / name) << "x";
        fs::permissions(directory / name, fs::perms{0644});
    }
    auto const configuration = read_config(
        config_text({
            {"tls",      R"({"certificates":[{"chain":"chain","key":"key"}]})"},
            {"upstream", R"({"api_key":{"file":"api"}})"                      }
    }),
        directory.string());
    auto const flaws = unusable_files(configuration);
    fs::remove_all(directory);
    BOOST_TEST_REQUIRE(flaws.size() == 3U);
    BOOST_TEST(flaws[0].where() == "tls.certificates[0].key");
    BOOST_TEST(flaws[1].where() == "upstream.api_key.file");
    BOOST_TEST(flaws[2].where() == "tokens.key_file");
    for (auto const& flaw : flaws)
        BOOST_TEST(std::string(flaw.what()).find("chmod 600 it") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
