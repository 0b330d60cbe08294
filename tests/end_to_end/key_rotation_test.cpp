// Keys that change while the gateway serves: SIGHUP reads them anew, nobody is refused, nothing that runs is
// cut; and a file that is flawed changes nothing.
#include "tests/app_signer.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <atomic>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <sys/stat.h>
#include <thread>

using namespace e2e;
namespace json = boost::json;

namespace {

constexpr std::string_view spoken =
    R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"},
        {"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";

unsigned speak(gateway const& at, field const& credential)
{
    return ask(at.port(), request("POST", "/tts/bytes", {credential}, "{}")).status;
}

/// The part of a sealed token that names its key.
std::string header_of(std::string const& token) { return token.substr(0, token.find('.')); }

/// Requests without a pause, each on the same connection, until the end of the object.
class traffic {
public:
    traffic(gateway const& at, std::string token)
        : thread_([this, port = at.port(), token = std::move(token)] { run(port, token); })
    {
    }
    ~traffic() { over_ = true; }
    traffic(traffic const&) = delete;
    traffic& operator=(traffic const&) = delete;

    void await_more() const
    {
        auto const before = answered_.load();
        await("more answers", [&] { return answered_ > before + 3; });
    }
    /// Ends it; how many were not answered with 200.
    [[nodiscard]] unsigned refused()
    {
        over_ = true;
        thread_.join();
        return refused_;
    }

private:
    void run(std::uint16_t port, std::string const& token)
    {
        try {
            client one(port);
            while (!over_) {
                one.send(request("POST", "/tts/bytes", {cookie(token)}, "{}"));
                if (read_answer(one).status != 200) ++refused_;
                ++answered_;
            }
        } catch (std::exception const&) {
            ++refused_;
        }
    }

    std::atomic<bool> over_{false};
    std::atomic<unsigned> answered_{0};
    std::atomic<unsigned> refused_{0};
    std::jthread thread_;
};

struct rotating_scene : scene {
    rotating_scene() { upstream.faults(spoken); }

    std::string const tokens_file = at.files.path("rotated.jwk");
    std::string const app_file = at.files.path("rotated-app.json");
    app_signer app{"ES256", "app-1"};
    gateway turning = with_own_keys();

    /// A new key in front.
    void rotate(std::vector<std::string> const& more = {}) const
    {
        std::vector<std::string> words{voicegate_program(), "keygen", "tokens", tokens_file};
        words.insert(words.end(), more.begin(), more.end());
        BOOST_REQUIRE(run(words).status == 0);
    }
    void keep_the_first_key_only() const
    {
        auto all = json::parse(read_file(tokens_file)).as_object();
        all["keys"].as_array().resize(1);
        write_file(tokens_file, json::serialize(all));
    }
    /// The line on stderr that says why.
    [[nodiscard]] std::string refused_reload()
    {
        auto const said = turning.refused_reload();
        BOOST_TEST((!said.empty() && said.find('\n') == said.size() - 1), said);
        return said;
    }
    [[nodiscard]] std::string app_token() const
    {
        auto const now = std::time(nullptr);
        return app.token(
            R"({"iss":"https://app.example","aud":"voice","sub":"ann","jti":"j","exp":)" +
            std::to_string(now + 600) + R"(,"grants":{"tts":true}})");
    }

private:
    [[nodiscard]] gateway with_own_keys()
    {
        write_file(app_file, app.jwk_set());
        std::filesystem::remove(tokens_file);
        rotate();
        return at.another(
            R"({"tokens":{"key_file":"rotated.jwk",
                "jwt":{"keys_file":"rotated-app.json","issuer":"https://app.example","audience":"voice"}}})");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(key_rotation, rotating_scene)

BOOST_AUTO_TEST_CASE(keys_rotate_under_traffic_and_nobody_is_refused)
{
    auto const old = turning.mint("tts");
    auto socket = open_websocket(turning.port(), "/tts/websocket", {cookie(old)});
    traffic with_old(turning, old);
    with_old.await_more();

    rotate();
    turning.reload();
    with_old.await_more();
    auto const fresh = turning.mint("tts");
    BOOST_TEST((header_of(fresh) != header_of(old)));
    traffic with_new(turning, fresh);
    with_new.await_more();
    with_old.await_more();
    BOOST_TEST(with_old.refused() == 0U);

    keep_the_first_key_only();
    turning.reload();
    for (auto i = 0; i < 8; ++i) { // on both workers
        BOOST_TEST(speak(turning, cookie(old)) == 401U);
        BOOST_TEST(speak(turning, cookie(fresh)) == 200U);
    }
    with_new.await_more();
    BOOST_TEST(with_new.refused() == 0U);
    socket.send(text_frame("still there"));
    BOOST_TEST(read_frame(socket).payload == "still there"); // what it opened goes on
}

/// Else the key that is gone by then would not open it.
BOOST_AUTO_TEST_CASE(a_request_that_waits_for_the_upstreams_credential_is_verified_once)
{
    auto const old = turning.mint("stt");
    upstream.faults(R"([{"path": "/access-token", "do": "hang"},
                        {"path": "/stt", "do": "status", "status": 200, "body": "heard"}])");
    client waiting(turning.port());
    auto const behind = request("GET", "/session", {cookie(old)}); // is judged by itself
    waiting.send(request("POST", "/stt", {cookie(old)}, "{}") + behind);
    upstream.await_held();
    rotate({"--keep", "1"});
    turning.reload();
    upstream.release();
    BOOST_TEST(read_answer(waiting).body == "heard");
    BOOST_TEST(read_answer(waiting).status == 401U);
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.target == "/stt");
    BOOST_TEST(seen.body == "{}");
}

BOOST_AUTO_TEST_CASE(a_session_goes_on_under_the_new_key)
{
    auto const opened = ask(turning.port(), request("POST", "/session", {bearer(turning.mint("tts"))}));
    auto const set = opened.value("set-cookie");
    field const old{"Cookie", set.substr(0, set.find(';'))};
    rotate();
    turning.reload();
    auto const renewed = ask(turning.port(), request("GET", "/session", {old}));
    BOOST_TEST(renewed.status == 200U);
    BOOST_TEST(speak(turning, old) == 200U);
}

BOOST_AUTO_TEST_CASE(a_flawed_file_changes_nothing_and_is_named)
{
    auto const old = turning.mint("tts");
    auto const good = read_file(tokens_file);
    auto const since = turning.metric("voicegate_reload_success_timestamp_seconds");
    for (std::string const flawed : {"{", R"({"keys":[]})", R"({"keys":[{"kty":"oct"}]})"}) {
        write_file(tokens_file, flawed);
        auto const said = refused_reload();
        BOOST_TEST(said.find("tokens.key_file: " + tokens_file) != std::string::npos, said);
        BOOST_TEST(
            (said.find("voicegate keygen") != std::string::npos || said.find("must be") != std::string::npos),
            said);
    }
    std::filesystem::remove(tokens_file);
    BOOST_TEST(refused_reload().find("tokens.key_file: cannot read " + tokens_file) != std::string::npos);
    BOOST_TEST(speak(turning, cookie(old)) == 200U);
    BOOST_TEST((header_of(turning.mint("tts")) == header_of(old)));
    BOOST_TEST(turning.metric("voicegate_reload_success_timestamp_seconds") == since);

    write_file(tokens_file, good);
    turning.reload();
    BOOST_TEST(speak(turning, cookie(old)) == 200U);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_is_open_to_others_is_refused_at_reload_and_at_start)
{
    BOOST_REQUIRE(chmod(tokens_file.c_str(), 0644) == 0);
    auto const said = refused_reload();
    BOOST_TEST(said.find("tokens.key_file: ") != std::string::npos, said);
    BOOST_TEST(said.find("chmod 600") != std::string::npos, said);
    auto const started = run({voicegate_program(), "serve", "--config", turning.configuration_file()});
    BOOST_TEST(started.status == 78);
    BOOST_TEST(started.errors.find("tokens.key_file: cannot read " + tokens_file) != std::string::npos);
    BOOST_TEST(started.errors.find("chmod 600") != std::string::npos);
    BOOST_TEST(speak(turning, cookie(turning.mint("tts"))) == 200U);
}

BOOST_AUTO_TEST_CASE(all_files_are_read_before_any_is_put_in_force)
{
    auto const old = turning.mint("tts");
    auto const by_app = app_token();
    rotate();
    write_file(app_file, "{}");
    BOOST_TEST(refused_reload().find("tokens.jwt.keys_file: " + app_file) != std::string::npos);
    BOOST_TEST((header_of(turning.mint("tts")) == header_of(old)));
    BOOST_TEST(speak(turning, bearer(by_app)) == 200U);
}

BOOST_AUTO_TEST_CASE(keys_of_the_app_are_read_anew_too)
{
    auto const before = app_token();
    BOOST_TEST(speak(turning, bearer(before)) == 200U);
    app = app_signer("EdDSA", "app-2");
    write_file(app_file, app.jwk_set());
    turning.reload();
    for (auto i = 0; i < 8; ++i) {
        BOOST_TEST(speak(turning, bearer(app_token())) == 200U);
        BOOST_TEST(speak(turning, bearer(before)) == 401U);
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_will_begin_and_one_that_will_end_are_told)
{
    BOOST_TEST(turning.metric("voicegate_token_keys_end_timestamp_seconds") == 0U);
    auto const old = turning.mint("tts");
    rotate({"--active-in", "1h", "--valid-for", "1h"});
    turning.reload();
    BOOST_TEST((header_of(turning.mint("tts")) == header_of(old))); // the new one does not seal yet
    BOOST_TEST(turning.errors().find("no key seals tokens after") == std::string::npos);
    rotate({"--valid-for", "2h", "--keep", "1"});
    turning.reload();
    auto const end = turning.metric("voicegate_token_keys_end_timestamp_seconds");
    auto const now = static_cast<std::uint64_t>(std::time(nullptr));
    BOOST_TEST((end > now + 7'000 && end <= now + 7'200));
    await("a warning", [&] {
        return turning.errors().find("tokens.key_file: no key seals tokens after") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
