// Secrets are driven through every door; then every place where they must not be is searched.
#include "tests/end_to_end/canary.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace e2e;

namespace {

constexpr std::string_view cookie_value = "canary-other-cookie-91";
constexpr std::string_view query_value = "canary-query-value-92";
constexpr std::string_view transcript = "canary transcript ninety three";
constexpr std::string_view field_value = "canary-field-value-94";
constexpr std::string_view credential_value = "canary-credential-95";
constexpr std::string_view message = "canary-message-96";

/// All that a client hears in the course of the test.
class ear {
public:
    explicit ear(gateway const& at) : at_(at) {}

    void request_of(std::string_view text, bool in_clear = false)
    {
        client_options how;
        how.tls = !in_clear;
        client one(in_clear ? at_.plain_port() : at_.port(), how);
        one.send(text);
        auto const got = read_answer(one, text.starts_with("HEAD "));
        heard_ += got.head + got.body;
        for (auto const& head : got.informational)
            heard_ += head;
    }

    void stream(std::string_view target, fields const& more)
    {
        client one(at_.port());
        one.send(handshake(target, more));
        auto const got = read_head(one);
        heard_ += got.head;
        BOOST_REQUIRE(got.status == 101U);
        one.send(text_frame(R"({"nonsense":")" + std::string(message) + "\"}"));
        heard_ += read_frame(one).payload;
        one.send(close_frame(1000, "canary-reason-97"));
        heard_ += read_close(one).payload;
    }

    [[nodiscard]] std::string const& heard() const { return heard_; }

private:
    gateway const& at_;
    std::string heard_;
};

} // namespace

BOOST_AUTO_TEST_CASE(secrets_are_in_no_log_no_metric_and_no_answer)
{
    scene const s;
    auto gate = s.at.another("{}");
    auto const sealed = gate.mint("tts,stt,agent", seconds{600}, "subject-is-no-secret");
    auto const cartesia = s.upstream.mint(R"({"tts":true,"stt":true})");
    s.upstream.clear();
    ear client_side(gate);
    fields const marked{
        {"Cookie",   "other=" + std::string(cookie_value) + "; __Host-cartesia_token=" + sealed},
        {"X-Custom", std::string(field_value)                                                  }
    };
    auto const query = "?note=" + std::string(query_value);

    client_side.request_of(request("POST", "/tts/bytes" + query, marked, speech(transcript)));
    client_side.request_of(request("POST", "/tts/sse" + query, marked, speech(transcript)));
    client_side.request_of(request("POST", "/tts/bytes" + query, {bearer(cartesia)}, speech(transcript)));
    client_side.request_of(
        request("POST", "/tts/bytes?access_token=" + sealed, {bearer(credential_value)}, speech(transcript)));
    client_side.request_of(request(
        "POST",
        "/tts/bytes",
        {
            {"X-API-Key", std::string(credential_value)}
    },
        speech(transcript)));
    client_side.request_of(request("GET", "/nowhere/" + std::string(credential_value) + query, marked));
    client_side.request_of(request("POST", "/tts/%62" + std::string(query_value), marked));
    client_side.request_of(
        "GET /" + std::string(query_value) + " HTTP/1.1\nCookie: " + std::string(cookie_value) + "\n\n");
    client_side.request_of(request("GET", "/session" + query, {cookie(cartesia)}));
    client_side.request_of(
        request("POST", "/access-token", {bearer(credential_value)}, R"({"subject":"canary-unknown-98"})"));
    client_side.request_of(request(
        "GET",
        "/session",
        {
            {"Cookie", "__Host-cartesia_token=" + std::string(credential_value)}
    }));
    client_side.stream(
        "/tts/websocket?cartesia_version=2026-03-01&access_token=" + sealed +
            "&note=" + std::string(query_value),
        {});
    client_side.stream("/tts/websocket" + query, marked);
    s.upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "reset_before_answer"}])");
    client_side.request_of(request("POST", "/tts/bytes" + query, marked, speech(transcript)));
    s.upstream.faults(R"([{"path": "/tts/bytes", "times": -1, "do": "hang"}])");
    {
        client leaving(gate.port());
        leaving.send(request("POST", "/tts/bytes" + query, marked, speech(transcript)));
        s.upstream.await_held();
        leaving.reset();
    }
    client_side.request_of(
        request("POST", "/tts/bytes" + query, marked, speech(transcript)), true); // burns the token: last

    auto const upstream_tokens = upstream_credentials(s.upstream);
    BOOST_TEST(upstream_tokens.size() >= 5U);
    auto const metrics = gate.admin("/metrics").body;
    BOOST_TEST(metrics.find("voicegate_") != std::string::npos);
    gate.program().signal(SIGTERM);
    BOOST_TEST(gate.program().exit_status() == 0);
    auto const log = gate.access_log();
    BOOST_TEST(log.find("subject-is-no-secret") != std::string::npos);

    std::vector<std::string> secrets{
        sealed,
        cartesia,
        std::string(simulator::api_key),
        std::string(gateway::server_key),
        std::string(cookie_value),
        std::string(query_value),
        std::string(transcript),
        std::string(field_value),
        std::string(message),
        "canary-reason-97",
        "canary-unknown-98"};
    secrets.insert(secrets.end(), upstream_tokens.begin(), upstream_tokens.end());
    for (auto const& secret : secrets) {
        lacks("the access log", log, secret);
        lacks("stderr", gate.errors(), secret);
        lacks("the metrics", metrics, secret);
    }
    lacks("the access log", log, std::string("=") + std::string(credential_value));
    for (auto const& credential : upstream_tokens)
        if (credential != cartesia) lacks("a client's answer", client_side.heard(), credential);
    lacks("a client's answer", client_side.heard(), simulator::api_key);
    lacks("a client's answer", client_side.heard(), sealed);
    for (auto const& seen : s.upstream.requests()) {
        lacks("the upstream", seen.text(), sealed);
        lacks("the upstream", seen.text(), cookie_value);
        lacks("the upstream", seen.text(), credential_value);
    }
}

BOOST_AUTO_TEST_CASE(every_line_of_the_access_log_is_one_json_object)
{
    scene const s;
    auto gate = s.at.another("{}");
    auto const own = gate.mint("tts", seconds{600}, "quo\"te\\back\u00e9");
    (void)ask(gate.port(), request("POST", "/tts/bytes", {cookie(own)}, speech()));
    (void)ask(gate.port(), request("GET", "/\x1b[31mred\"", {cookie(own)}));
    (void)ask(
        gate.port(),
        request(
            "GET",
            "/nowhere",
            {
                cookie(own), {"User-Agent", "a\"b"}
    }));
    gate.program().signal(SIGTERM);
    BOOST_TEST(gate.program().exit_status() == 0);
    auto const log = gate.access_log();
    BOOST_TEST(log.find('\x1b') == std::string::npos);
    std::size_t lines = 0;
    for (std::size_t at = 0; at < log.size(); ++lines) {
        auto const end = log.find('\n', at);
        BOOST_REQUIRE(end != std::string::npos);
        auto const one = boost::json::parse(std::string_view(log).substr(at, end - at)).as_object();
        BOOST_TEST(one.contains("time"));
        BOOST_TEST(one.contains("status"));
        at = end + 1;
    }
    BOOST_TEST(lines == 4U); // the minting among them
}

BOOST_AUTO_TEST_CASE(the_log_tells_the_verdict_of_each_request)
{
    scene const s;
    auto gate = s.at.another("{}");
    (void)ask(gate.port(), request("POST", "/tts/bytes", {cookie(gate.mint("tts"))}, speech()));
    auto const granted = gate.await_log("\"granted\":true");
    BOOST_TEST(granted.find("\"route\":\"/tts/bytes\"") != std::string::npos);
    BOOST_TEST(granted.find("\"token_kind\":\"sealed\"") != std::string::npos);
    BOOST_TEST(granted.find("\"token_source\":\"cookie\"") != std::string::npos);
    (void)ask(gate.port(), request("POST", "/tts/bytes", {cookie(gate.mint("stt"))}, speech()));
    gate.await_log("\"reason\":\"grant_missing\"");
    (void)ask(gate.port(), request("POST", "/tts/bytes"));
    gate.await_log("\"reason\":\"no_token\"");
}

BOOST_AUTO_TEST_CASE(the_request_id_of_a_refusal_is_the_one_in_the_log)
{
    scene const s;
    auto const got = ask(s.gate.port(), request("POST", "/tts/bytes"));
    s.gate.await_log("\"request_id\":\"" + got.value("x-request-id") + "\"");
}
