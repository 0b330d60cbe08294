#include "gateway/upstream/app_key_keeper.hpp"

#include "tests/app_signer.hpp"
#include "tests/gateway/upstream/keeper_world.hpp"

using namespace std::chrono_literals;
using test::http_answer;
using test::seen_request;

namespace {

/// The app's server over TLS, and one thread on which it and the keeper run while the test waits.
struct key_world {
    key_world()
    {
        tokens.app_keys_url = {true, "localhost", server.where().port(), "/keys?v=1"};
        tokens.app_keys_ca_file = files.directory / "ca.pem";
        options.attempted = [this](bool fetched) { ++(fetched ? good : bad); };
        options.tell = [this](std::string_view line) { lines.emplace_back(line); };
        options.random = [] { return 0.5; };
        options.timing.retry_first = 2ms;
        options.timing.retry_most = 5ms;
        server.answer = [this](seen_request const&) { return http_answer(200, set); };
    }
    ~key_world()
    {
        keeper.reset();
        server.close();
        io.restart();
        io.run_for(10s);
        BOOST_TEST(io.stopped());
    }
    key_world(key_world const&) = delete;
    key_world& operator=(key_world const&) = delete;

    void start() { keeper.emplace(io, tokens, where, out, options); }
    template <class Condition>
    [[nodiscard]] bool run_until(Condition happened)
    {
        auto const deadline = std::chrono::steady_clock::now() + 10s;
        while (!happened())
            if (io.run_one_until(deadline) == 0) return happened();
        return true;
    }
    [[nodiscard]] bool knows(app_signer const& signer, std::string_view id, std::string_view algorithm) const
    {
        auto const signature = signer.signature_of("text");
        auto const* const bytes = reinterpret_cast<std::uint8_t const*>(signature.data());
        return out.latest()->verify(id, algorithm, "text", {bytes, signature.size()}) ==
               certs::signature_keys::verdict::good;
    }

    test::certificates files;
    boost::asio::io_context io{1};
    test::mint_server server{io, files.directory};
    gateway::token_config tokens;
    gateway::published<gateway::upstream::addresses> where{
        std::make_shared<gateway::upstream::addresses const>(1, server.where())};
    gateway::published<certs::signature_keys> out{std::make_shared<certs::signature_keys const>()};
    gateway::upstream::app_key_options options;
    app_signer first{"ES256", "k1"};
    app_signer second{"EdDSA", "k2"};
    std::string set = first.jwk_set();
    std::vector<std::string> lines;
    unsigned good = 0;
    unsigned bad = 0;
    std::optional<gateway::upstream::app_key_keeper> keeper;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(app_key_keeper, key_world)

BOOST_AUTO_TEST_CASE(the_keys_are_fetched_at_once)
{
    start();
    BOOST_TEST(!keeper->tried());
    BOOST_TEST(run_until([&] { return good == 1; }));
    BOOST_TEST(keeper->tried());
    BOOST_TEST(knows(first, "k1", "ES256"));
    BOOST_TEST(server.requests.size() == 1U);
    auto const& asked = server.requests.front();
    BOOST_TEST(asked.method == "GET");
    BOOST_TEST(asked.target == "/keys?v=1");
    BOOST_TEST(asked.fields.at("host") == "localhost:" + std::to_string(server.where().port()));
}

BOOST_AUTO_TEST_CASE(they_are_fetched_again_and_those_that_went_are_forgotten)
{
    tokens.app_keys_refresh = std::chrono::seconds{0};
    start();
    BOOST_TEST(run_until([&] { return good == 1; }));
    set = second.jwk_set();
    BOOST_TEST(run_until([&] { return knows(second, "k2", "EdDSA"); }));
    BOOST_TEST(!knows(first, "k1", "ES256"));
}

BOOST_AUTO_TEST_CASE(whatever_fails_leaves_the_keys_as_they_are)
{
    tokens.app_keys_refresh = std::chrono::seconds{0};
    start();
    BOOST_TEST(run_until([&] { return good == 1; }));
    for (auto const& answer :
         {http_answer(500, second.jwk_set()),
          http_answer(302, second.jwk_set()),
          http_answer(200, "canary"),
          http_answer(200, R"({"keys":[]})"),
          http_answer(200, R"({"keys":[)" + second.jwk() + "," + app_signer("HS256", "s").jwk() + "]}"),
          http_answer(200, second.jwk_set()).substr(0, 90)}) {
        server.answer = [&](seen_request const&) { return answer; };
        auto const before = bad;
        BOOST_TEST(run_until([&] { return bad >= before + 2; })); // the second is surely of this answer
        BOOST_TEST(knows(first, "k1", "ES256"));
        BOOST_TEST(!knows(second, "k2", "EdDSA"));
    }
    BOOST_TEST_REQUIRE(!lines.empty());
    BOOST_TEST(lines[0] == "tokens.jwt.keys_url gives no new keys: it answered 500");
    for (auto const& line : lines)
        BOOST_TEST(line.find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_start_without_keys_goes_on_trying)
{
    server.answer = [](seen_request const&) { return http_answer(503, ""); };
    start();
    BOOST_TEST(run_until([&] { return bad == 3; }));
    BOOST_TEST(keeper->tried());
    server.answer = [this](seen_request const&) { return http_answer(200, set); };
    BOOST_TEST(run_until([&] { return knows(first, "k1", "ES256"); }));
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_looked_for_once_in_a_while)
{
    start();
    BOOST_TEST(run_until([&] { return good == 1; }));
    set = second.jwk_set();
    for (auto i = 0; i < 100; ++i)
        keeper->missing();
    BOOST_TEST(run_until([&] { return good == 2; }));
    BOOST_TEST(knows(second, "k2", "EdDSA"));
    keeper->missing();
    io.poll();
    BOOST_TEST(server.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_missed_while_they_are_fetched_is_looked_for_afterwards)
{
    start();
    server.answer = [this](seen_request const&) {
        if (server.requests.size() == 1) keeper->missing();
        return http_answer(200, set);
    };
    BOOST_TEST(run_until([&] { return good == 2; }));
}

BOOST_AUTO_TEST_SUITE_END()
