// More than there are means for: memory, connections on either side, descriptors.
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <list>
#include <optional>

using namespace e2e;

namespace {

constexpr std::size_t MiB = 1 << 20;

client in_clear(std::uint16_t port)
{
    client_options options;
    options.tls = false;
    return client(port, options);
}

/// A head that does not end is held until it does, or until `limits.head` has passed.
std::string half_a_head() { return "POST /tts/bytes HTTP/1.1\r\nX-Long: " + std::string(250'000, 'x'); }

void expect_overloaded(answer const& got)
{
    BOOST_TEST(got.status == 503U);
    BOOST_TEST(got.body.find("\"overloaded\"") != std::string::npos, got.body);
}

bool is_served(gateway const& at, std::string const& text)
{
    try {
        return ask(at.port(), text).status == 200;
    } catch (std::runtime_error const&) {
        return false;
    }
}

struct overload_scene : scene {
    [[nodiscard]] std::string speak() const
    {
        return request("POST", "/tts/bytes", {cookie(token)}, speech());
    }
    [[nodiscard]] std::string upgrade() const { return handshake("/tts/websocket", {cookie(token)}); }
};

/// Clients of a gateway that has 64 MiB.
struct short_of_memory : overload_scene {
    static constexpr std::size_t budget = 64 * MiB;
    static constexpr std::size_t enough_to_rest = 24;

    short_of_memory()
    {
        for (std::size_t i = 0; i < enough_to_rest; ++i)
            late.emplace_back(own.port());
    }
    [[nodiscard]] std::uint64_t pressure() const { return own.metric("voicegate_memory_pressure"); }
    void hold_until_requests_are_refused()
    {
        while (own.program().resident_bytes() < budget / 1'000 * 957)
            holding.emplace_back(own.port()).send(half_a_head());
        await("a gateway that refuses requests", [this] { return pressure() == 1; });
    }
    void hold_until_nobody_is_accepted()
    {
        for (auto& one : late)
            one.send(half_a_head());
        await("a gateway that accepts nobody", [this] { return pressure() == 2; });
    }
    void let_go()
    {
        holding.clear();
        late.clear();
        await("the end of pressure", [this] { return pressure() == 0; });
    }

    gateway own =
        at.another(R"({"threads": 1, "limits": {"memory": "64MiB", "head_bytes": "256KiB", "head": "2m"}})");
    std::list<client> holding;
    std::list<client> late;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(overload, overload_scene)

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // which keep what is freed

BOOST_FIXTURE_TEST_CASE(near_the_end_of_memory_new_requests_are_refused_and_streams_go_on, short_of_memory)
{
    std::array<client, 3> known{client(own.port()), client(own.port()), client(own.port())};
    client streaming(own.port());
    upstream.faults(R"([{"path": "/tts/websocket", "do": "ws_echo"}])");
    streaming.send(upgrade());
    BOOST_TEST(read_answer(streaming).status == 101U);

    hold_until_requests_are_refused();
    auto asks = known.begin();
    for (auto const& text : {speak(), upgrade(), request("GET", "/session", {cookie(token)})}) {
        asks->send(text);
        auto const got = read_answer(*asks++);
        expect_overloaded(got);
        BOOST_TEST(got.value("retry-after") == "1");
        BOOST_TEST(got.value("connection") == "close");
    }
    streaming.send(text_frame("still here"));
    BOOST_TEST(read_frame(streaming).payload == "still here");

    let_go();
    BOOST_TEST(is_served(own, speak()));
    for (std::string const line : {" MiB are in use: new requests get 503\n", ": all is served again\n"})
        BOOST_TEST(own.errors().find(line) != std::string::npos, own.errors());
}

BOOST_FIXTURE_TEST_CASE(at_the_end_of_memory_nobody_is_accepted_until_there_is_some, short_of_memory)
{
    hold_until_requests_are_refused();
    hold_until_nobody_is_accepted();
    auto newcomer = in_clear(own.port());
    newcomer.send("GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST(newcomer.stays_silent(milliseconds{300}));
    let_go();
    BOOST_TEST(read_answer(newcomer).status == 403U); // it waited, and was accepted
    BOOST_TEST(own.errors().find("no connection is accepted\n") != std::string::npos, own.errors());
}

#endif

BOOST_AUTO_TEST_CASE(beyond_the_limit_a_connection_is_closed_at_once)
{
    auto own = at.another(R"({"threads": 1, "limits": {"connections": 2}})");
    client first(own.port());
    std::optional<client> second(own.port());
    BOOST_CHECK_THROW(client(own.port()), std::runtime_error);
    BOOST_TEST(own.metric("voicegate_connections_refused_total") == 1U);
    first.send(speak());
    BOOST_TEST(read_answer(first).status == 200U);
    second.reset();
    await("room for one", [&] { return is_served(own, speak()); });
}

BOOST_AUTO_TEST_CASE(beyond_the_upstreams_connections_a_request_is_503)
{
    auto own = at.another(
        R"({"threads": 1, "upstream": {"connections_max": 1, "idle_max": 1, "warm": {"connections_min": 0}}})");
    upstream.faults(R"([{"path": "/tts/bytes", "do": "hang"}])");
    client first(own.port());
    first.send(speak());
    upstream.await_held();
    expect_overloaded(ask(own.port(), speak()));
    upstream.release();
    BOOST_TEST(read_answer(first).status == 200U);
    BOOST_TEST(is_served(own, speak()));
}

BOOST_AUTO_TEST_CASE(without_descriptors_who_is_in_is_served_and_health_is_told)
{
    auto own = at.another("{}", {"/bin/sh", "-c", "ulimit -n 96 && exec \"$0\" \"$@\""});
    client known(own.port());
    std::list<client> crowd;
    for (auto i = 0; i < 200; ++i)
        crowd.push_back(in_clear(own.port()));
    await("a gateway without descriptors", [&] {
        return own.metric("voicegate_connections_refused_total") > 0;
    });
    for (auto i = 0; i < 10; ++i) {
        known.send(speak());
        BOOST_TEST(read_answer(known).status == 200U);
        BOOST_TEST(own.admin("/healthz").status == 200U);
    }
    crowd.clear();
    await("descriptors", [&] { return is_served(own, speak()); });
}

BOOST_AUTO_TEST_SUITE_END()
