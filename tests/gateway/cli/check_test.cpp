#include "tests/gateway/cli/shell.hpp"

#include "tests/app_signer.hpp"

using tests::shell;

namespace {

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(checking)

BOOST_AUTO_TEST_CASE(a_good_configuration_is_explained)
{
    shell s;
    auto const got = s.run({"check", "--config", s.set_up(R"(,"limits":{"head":"3s","body_bytes":"1GiB"},
        "browsers":{"origins":["https://app.example.com","https://b.example.com"],"preflight_max_age":"5m"},
        "session":{"clear_site_data":false},
        "routes":[{"path":"/voices/{id}","methods":["GET"],"grant":"tts"}])")});
    BOOST_TEST(got.code == 0);
    BOOST_TEST(got.err == "");
    for (auto const* sentence :
         {"Serves HTTPS at 0.0.0.0:8443 and [::]:8443, with one event loop for each core.",
          "with 403, whatever is asked.",
          "Forwards to https://api.cartesia.ai:443, whose certificate must be for api.cartesia.ai",
          "with the API key from the environment variable CARTESIA_API_KEY.",
          "Accepts sealed tokens",
          "Takes the cookie from pages of its own host, https://app.example.com and https://b.example.com.\n",
          "browsers keep a preflight's for 5m.",
          "Leaves the site's other cookies alone",
          "Accepts tokens that https://api.cartesia.ai made",
          "  tts   POST            /tts/bytes",
          "  stt   GET   WebSocket /stt/websocket",
          "  tts   GET             /voices/{id}",
          "Limit body_bytes is 1GiB, not 2GiB.",
          "Limit head is 3s, not 10s.",
          "Takes whoever connects for the client: a proxy that stands in front belongs into listen.proxies.",
          "for localhost 127.0.0.1 ::1",
          "; it expires on 2",
          "Serves as whoever starts it, with few calls to the kernel and few files.",
          "Seals with the key "})
        BOOST_TEST(contains(got.out, sentence), sentence << "\n" << got.out);
    BOOST_TEST(!contains(got.out + got.err, s.api_key));
}

BOOST_AUTO_TEST_CASE(whose_word_counts_is_explained)
{
    auto const told = [](std::string_view listen) {
        shell s;
        return s.run({"check", "--config", s.set_up(R"(,"listen":)" + std::string(listen))}).out;
    };
    auto const fields = told(R"({"proxies":["10.0.0.0/8","::1"]})");
    BOOST_TEST(contains(fields, "Believes 10.0.0.0/8 and ::1 on who the client is, in X-Forwarded-For or"), fields);
    auto const header = told(R"({"proxies":["10.0.0.7"],"proxy_protocol":true})");
    BOOST_TEST(contains(header, "Believes 10.0.0.7 on who the client is: each of their connections must"), header);
}

BOOST_AUTO_TEST_CASE(a_flawed_configuration_exits_78_with_field_and_remedy)
{
    shell s;
    auto const flaw = [&](std::string_view text) {
        auto const got = s.run({"check", "--config", s.file("bad.json", text)});
        BOOST_TEST(got.code == 78);
        return got.err;
    };
    BOOST_TEST(flaw("{").starts_with("line 1, column 2: "));
    BOOST_TEST(flaw(R"({"tsl":{}})") == "tsl: unknown key; did you mean \"tls\"?\n");
    BOOST_TEST(flaw("{}").starts_with("tls.certificates: must name at least one"));
}

BOOST_AUTO_TEST_CASE(what_the_files_hold_is_checked)
{
    shell s;
    auto const file = s.set_up();
    s.file("tokens.jwks", "{}");
    auto const bad_keys = s.run({"check", "--config", file});
    BOOST_TEST(bad_keys.code == 78);
    BOOST_TEST(bad_keys.err.starts_with("tokens.key_file: "));
    s.file("tls/localhost.pem", "no certificate");
    auto const bad_chain = s.run({"check", "--config", file});
    BOOST_TEST(bad_chain.code == 78);
    BOOST_TEST(bad_chain.err.starts_with("tls.certificates[0]: "));
    std::filesystem::remove(s.path("tls/localhost.key"));
    BOOST_TEST(s.run({"check", "--config", file}).err.starts_with("tls.certificates[0].key: cannot read"));
}

BOOST_AUTO_TEST_CASE(whom_it_is_to_serve_as_is_checked)
{
    shell s;
    auto const file = s.set_up(R"(,"process":{"user":"no-such-user","landlock":false})");
    auto const got = s.run({"check", "--config", file});
    BOOST_TEST(got.code == 78);
    BOOST_TEST(contains(got.out, "Serves as the user no-such-user, with few calls to the kernel and every file."));
    BOOST_TEST(got.err.starts_with("process.user: there is no user called no-such-user"), got.err);
}

BOOST_AUTO_TEST_CASE(the_keys_of_the_app_are_checked)
{
    shell s;
    s.set_up();
    s.file("app.json", app_signer("EdDSA", "k").jwk_set());
    auto const file = s.file(
        "app-alone.json",
        R"({"tls":{"certificates":[{"chain":"tls/localhost.pem","key":"tls/localhost.key"}]},
            "upstream":{"api_key":{"environment":"CARTESIA_API_KEY"}},
            "tokens":{"accept":[],"jwt":{"keys_file":"app.json","issuer":"https://app","audience":"voice"}}})");
    auto const good = s.run({"check", "--config", file});
    BOOST_TEST(good.code == 0, good.err);
    BOOST_TEST(contains(good.out, "Accepts tokens that https://app signed for voice"), good.out);
    BOOST_TEST(contains(good.out, "Verifies what the app signs with 1 key."), good.out);
    BOOST_TEST(contains(good.out, "Injects Cartesia access tokens"), good.out);
    s.file("app.json", "{}");
    auto const bad = s.run({"check", "--config", file});
    BOOST_TEST(bad.code == 78);
    BOOST_TEST(bad.err.starts_with("tokens.jwt.keys_file: " + s.path("app.json")), bad.err);
    std::filesystem::remove(s.path("app.json"));
    BOOST_TEST(s.run({"check", "--config", file}).err.starts_with("tokens.jwt.keys_file: cannot read"));
}

BOOST_AUTO_TEST_CASE(what_the_app_is_asked_is_explained)
{
    shell s;
    auto const file = s.set_up(R"(,"session":{"authorize_url":"https://app.example/who?key=canary",)"
                               R"("authorize_ca_file":"app-ca.pem","recheck":"5m"})");
    s.file("app-ca.pem", "");
    auto const bad = s.run({"check", "--config", file});
    BOOST_TEST(bad.code == 78);
    BOOST_TEST(bad.err.starts_with("session.authorize_ca_file: "), bad.err);
    BOOST_TEST(contains(bad.out, "Asks https://app.example/who who a user is when POST /session brings"), bad.out);
    BOOST_TEST(contains(bad.out, " no token, and again at a refresh after 5m.\n"), bad.out);
    BOOST_TEST(!contains(bad.out, "canary"));
}

BOOST_AUTO_TEST_CASE(the_api_key_is_checked_where_it_can_be_seen)
{
    shell s;
    auto const file = s.set_up();
    s.api_key = "sk car";
    auto const stray = s.run({"check", "--config", file});
    BOOST_TEST(stray.code == 78);
    BOOST_TEST(stray.err.starts_with("upstream.api_key.environment: has stray white space"));
    s.api_key = "";
    auto const absent = s.run({"check", "--config", file});
    BOOST_TEST(absent.code == 0);
    BOOST_TEST(contains(absent.err, "note: $CARTESIA_API_KEY is not set here"));
}

BOOST_AUTO_TEST_SUITE_END()
