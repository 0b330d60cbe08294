// What lies in the gateway's memory once its clients have left: none of their tokens. Only root can look into
// the process; to others even its own memory is closed.
#include "gateway/jail/jail.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

using namespace e2e;

namespace {

/// All memory of a process that can be written to.
class memory {
public:
    explicit memory(pid_t of) : directory_("/proc/" + std::to_string(of))
    {
        descriptor_ = open((directory_ + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
        BOOST_REQUIRE(descriptor_ >= 0);
    }
    ~memory() { close(descriptor_); }
    memory(memory const&) = delete;
    memory& operator=(memory const&) = delete;

    /// How often one of `parts` is in it.
    [[nodiscard]] std::size_t count(std::vector<std::string> const& parts) const
    {
        std::size_t found = 0;
        std::istringstream maps(read_file(directory_ + "/maps"));
        for (std::string line; std::getline(maps, line);) {
            unsigned long begin = 0;
            unsigned long end = 0;
            char rights[5] = {};
            auto const read = std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights);
            if (read == 3 && rights[0] == 'r' && rights[1] == 'w') found += count_in(begin, end, parts);
        }
        return found;
    }

private:
    [[nodiscard]] std::size_t
    count_in(unsigned long begin, unsigned long end, std::vector<std::string> const& parts) const
    {
        constexpr unsigned long step = 1UL << 20;
        constexpr unsigned long overlap = 64; // longer than a part
        std::size_t found = 0;
        std::string piece;
        for (auto at = begin; at < end; at += step) {
            piece.resize(std::min(step + overlap, end - at));
            auto const got = pread(descriptor_, piece.data(), piece.size(), static_cast<off_t>(at));
            piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
            for (auto const& part : parts)
                found += piece.find(part) != std::string::npos ? 1U : 0U;
        }
        return found;
    }

    std::string directory_;
    int descriptor_ = -1;
};

/// Pieces of a token that no other token has: its header is the same in all.
std::vector<std::string> parts_of(std::string const& token)
{
    constexpr std::size_t size = 24;
    return {token.substr(token.size() / 2, size), token.substr(token.size() - size)};
}

void speak(e2e::gateway const& to, unsigned status, field const& credential, std::string_view query = {})
{
    auto const text = request("POST", "/tts/bytes" + std::string(query), {credential}, speech());
    BOOST_TEST(ask(to.port(), text).status == status);
}

/// A call that is bound when it is first made puts all vector registers on the stack, with what was copied last.
std::vector<std::string> const bound_at_once{"/usr/bin/env", "LD_BIND_NOW=1"};

bool can_look()
{
    if (geteuid() == 0 && !::gateway::jail::instrumented) return true; // sanitizers keep what is freed
    BOOST_TEST_MESSAGE("not looked at: this takes root, and a build without a sanitizer");
    return false;
}

/// Once all clients have left.
void expect_forgotten(e2e::gateway& by, std::vector<std::string> const& tokens)
{
    await("no connections", [&] { return by.metric("voicegate_connections_open") == 0; });
    memory const all(by.program().id());
    BOOST_TEST(all.count({std::string(simulator::api_key)}) >= 1U); // so that it would be found
    for (std::size_t i = 0; i < tokens.size(); ++i)
        BOOST_TEST(all.count(parts_of(tokens[i])) == 0U, "token " << i << " is in memory");
}

/// What POST /access-token makes of `wanted`.
std::string text_of(e2e::gateway const& by, std::string_view name, std::string_view wanted)
{
    auto const made = ask(by.port(), request("POST", "/access-token", {bearer(e2e::gateway::server_key)}, wanted));
    BOOST_REQUIRE(made.status == 200U);
    return std::string(boost::json::parse(made.body).at(name).as_string());
}

} // namespace

BOOST_FIXTURE_TEST_CASE(nothing_of_a_token_stays_in_memory, scene)
{
    if (!can_look()) return;
    // Minted by another one: who mints a token has it.
    auto own = at.another("{}", bound_at_once);
    std::vector<std::string> tokens;
    for (auto i = 0; i < 8; ++i)
        tokens.push_back(gate.mint(i == 3 ? "stt" : "tts", seconds{600}));

    speak(own, 200, bearer(tokens[0]));
    speak(own, 200, cookie(tokens[1]));
    speak(own, 401, {"X-Other", "x"}, "?access_token=" + tokens[2]); // only a WebSocket may
    speak(own, 403, cookie(tokens[3]));
    (void)open_websocket(own.port(), "/tts/websocket?access_token=" + tokens[4]);
    BOOST_TEST(ask(own.port(), request("GET", "/session", {cookie(tokens[5])})).status == 200U);
    {
        client in_pieces(own.port());
        auto const text = request("POST", "/tts/bytes", {bearer(tokens[6])}, speech());
        in_pieces.send(text.substr(0, text.size() / 2));
        speak(own, 200, bearer(tokens[0])); // and meanwhile others
        in_pieces.send(text.substr(text.size() / 2));
        BOOST_TEST(read_answer(in_pieces).status == 200U);
    }
    {
        client leaving(own.port());
        leaving.send("GET /session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + tokens[7]);
        speak(own, 200, bearer(tokens[0]));
    }
    expect_forgotten(own, tokens);
}

BOOST_FIXTURE_TEST_CASE(nothing_of_a_token_that_was_minted_stays_in_memory, scene)
{
    if (!can_look()) return;
    auto own = at.another("{}", bound_at_once);
    auto const code = text_of(own, "code", R"({"handoff":true,"grants":{"tts":true},"expires_in":600})");
    auto const minted = text_of(own, "token", R"({"grants":{"tts":true},"expires_in":600})");
    auto const by_code = ask(
        own.port(),
        request("POST", "/session", {{"Content-Type", "application/json"}}, "{\"code\":\"" + code + "\"}"));
    auto const by_token = ask(own.port(), request("POST", "/session", {bearer(minted)}));

    std::vector<std::string> tokens{code, minted, std::string(e2e::gateway::server_key)};
    for (auto const& opened : {by_code, by_token}) {
        BOOST_REQUIRE(opened.status == 204U);
        auto const set = opened.value("set-cookie");
        tokens.push_back(set.substr(0, set.find(';')));
        speak(own, 200, {"Cookie", tokens.back()});
    }
    expect_forgotten(own, tokens);
}
