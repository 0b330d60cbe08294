// One gateway follows another: at sockets that were handed down to both, or at a port that they share.
#include "tests/end_to_end/support/listening.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view echo = R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])";
constexpr std::string_view target = "/tts/websocket";
constexpr std::string_view slow_drain = R"({"drain": {"deadline": "20s"}})";

/// A socket for each kind of listener.
struct handed_down : scene {
    listening_socket https;
    listening_socket http;
    listening_socket admin;

    [[nodiscard]] std::vector<std::string> all() const
    {
        return handing_down({
            {"https", &https},
            {"http",  &http },
            {"admin", &admin}
        });
    }
    /// What `serve` says when it gets these instead.
    [[nodiscard]] finished
    refused(std::vector<std::pair<std::string, listening_socket const*>> const& sockets) const
    {
        auto command = handing_down(sockets);
        auto const file = write_configuration(at.files, "handed-down", upstream.port());
        for (auto const& word : {voicegate_program(), std::string("serve"), std::string("--config"), file})
            command.push_back(word);
        return run(command);
    }
};

unsigned status_at(std::uint16_t port)
{
    client_options plain;
    plain.tls = false;
    return ask(port,
               request(
                   "GET",
                   "/healthz",
                   {
                       {"Connection", "close"}
    }),
               plain)
        .status;
}

bool echoes(client& one)
{
    one.send(text_frame("here"));
    return read_frame(one).payload == "here";
}

std::string sharing(std::uint16_t https, std::uint16_t http)
{
    return R"({"drain": {"deadline": "20s"}, "listen": {"reuse_port": true, "https": ["127.0.0.1:)" +
           std::to_string(https) + R"("], "http": ["127.0.0.1:)" + std::to_string(http) + "\"]}}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(inherited_sockets, handed_down)

BOOST_AUTO_TEST_CASE(they_are_served_in_place_of_the_configured_addresses)
{
    auto const own_gate =
        at.another(R"({"listen": {"https": ["127.0.0.1:1"], "http": [], "admin": null}})", all());
    BOOST_TEST(own_gate.port() == https.port());
    BOOST_TEST(own_gate.plain_port() == http.port());
    BOOST_TEST(own_gate.admin_port() == admin.port());
    BOOST_TEST(ask(https.port(), request("GET", "/nowhere")).status == 404U);
    BOOST_TEST(status_at(http.port()) == 403U);
    BOOST_TEST(status_at(admin.port()) == 200U);
}

BOOST_AUTO_TEST_CASE(kinds_that_were_not_handed_down_are_opened_as_ever)
{
    auto const own_gate = at.another(
        "{}",
        handing_down({
            {"https", &https}
    }));
    BOOST_TEST(own_gate.port() == https.port());
    BOOST_TEST(own_gate.plain_port() != 0U);
    BOOST_TEST(status_at(own_gate.plain_port()) == 403U);
    BOOST_TEST(status_at(own_gate.admin_port()) == 200U);
}

/// Were one worker told of everyone, it would turn the tenth away.
BOOST_AUTO_TEST_CASE(the_workers_take_turns)
{
    upstream.faults(echo);
    auto own_gate = at.another(R"({"threads": 2, "limits": {"connections": 9}})", all());
    auto const own = own_gate.mint("tts");
    std::vector<client> open;
    open.reserve(12);
    for (auto i = 0; i < 12; ++i)
        open.push_back(open_websocket(https.port(), target, {cookie(own)}));
    for (auto& one : open)
        BOOST_TEST(echoes(one));
    BOOST_TEST(own_gate.metric("voicegate_connections_refused_total") == 0U);
}

BOOST_AUTO_TEST_CASE(two_serve_them_at_once_and_one_goes_on_alone)
{
    upstream.faults(echo);
    auto first = at.another(
        slow_drain,
        handing_down({
            {"https", &https},
            {"http",  &http }
    }));
    auto const own = first.mint("tts");
    auto held = open_websocket(https.port(), target, {cookie(own)});
    auto const second = at.another(
        slow_drain,
        handing_down({
            {"https", &https},
            {"http",  &http }
    }));
    first.program().signal(SIGTERM);
    await("a gateway that drains", [&] { return first.admin("/readyz").status == 503; });
    for (auto i = 0; i < 20; ++i)
        BOOST_TEST(ask(https.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 200U);
    BOOST_TEST(echoes(held));
    held.send(close_frame(1000));
    (void)read_close(held);
    held.close();
    BOOST_TEST(first.program().exit_status() == 0);
    BOOST_TEST(ask(https.port(), request("GET", "/nowhere")).status == 404U);
}

BOOST_AUTO_TEST_CASE(who_comes_while_nobody_serves_waits)
{
    auto first = at.another("{}", all());
    first.program().signal(SIGTERM);
    BOOST_TEST(first.program().exit_status() == 0);
    client_options plain;
    plain.tls = false;
    client early(http.port(), plain);
    early.send(request("GET", "/"));
    auto const second = at.another("{}", all());
    BOOST_TEST(read_answer(early).status == 403U);
}

BOOST_AUTO_TEST_CASE(a_name_that_says_nothing_is_an_error_with_a_remedy)
{
    for (auto const* name : {"voicegate.socket", "unknown", "", "HTTPS"}) {
        auto const got = refused({
            {name, &https}
        });
        BOOST_TEST(got.status == 78);
        BOOST_TEST(got.errors.starts_with("LISTEN_FDNAMES: "), got.errors);
        BOOST_TEST(got.errors.find("FileDescriptorName=") != std::string::npos, got.errors);
    }
    auto const two = refused({
        {"admin", &admin},
        {"admin", &http }
    });
    BOOST_TEST(two.status == 78);
    BOOST_TEST(two.errors.find("more than once") != std::string::npos, two.errors);
}

BOOST_AUTO_TEST_CASE(what_does_not_listen_is_an_error_with_a_remedy)
{
    listening_socket const silent(listening_socket::kind::does_not_listen);
    listening_socket const datagrams(listening_socket::kind::takes_datagrams);
    for (auto const* bad : {&silent, &datagrams}) {
        auto const got = refused({
            {"https", &https},
            {"http",  bad   }
        });
        BOOST_TEST(got.status == 78);
        BOOST_TEST(got.errors.starts_with("LISTEN_FDS: socket 4 (http) "), got.errors);
        BOOST_TEST(got.errors.find("ListenStream=") != std::string::npos, got.errors);
    }
}

BOOST_AUTO_TEST_CASE(what_was_meant_for_another_process_is_left_alone)
{
    std::vector<std::string> meant_for_another{
        "/usr/bin/env", "LISTEN_PID=1", "LISTEN_FDS=1", "LISTEN_FDNAMES=nonsense"};
    auto const own_gate = at.another("{}", std::move(meant_for_another));
    BOOST_TEST(ask(own_gate.port(), request("GET", "/nowhere")).status == 404U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(shared_port, scene)

BOOST_AUTO_TEST_CASE(a_second_one_at_the_same_port_is_a_mistake_unless_it_is_meant)
{
    auto const port = std::to_string(gate.port());
    auto const file = write_configuration(
        at.files, "beside", upstream.port(), R"({"listen": {"https": ["127.0.0.1:)" + port + "\"]}}");
    auto const got = run({voicegate_program(), "serve", "--config", file});
    BOOST_TEST(got.status == 1);
    BOOST_TEST(got.errors.find("127.0.0.1 port " + port) != std::string::npos, got.errors);
    BOOST_TEST(got.errors.find("listen.reuse_port") != std::string::npos, got.errors);
}

BOOST_AUTO_TEST_CASE(two_admin_listeners_have_two_addresses)
{
    auto const taken = "127.0.0.1:" + std::to_string(gate.admin_port());
    auto const file = write_configuration(
        at.files,
        "two-admins",
        upstream.port(),
        R"({"listen": {"reuse_port": true, "admin": ")" + taken + "\"}}");
    auto const got = run({voicegate_program(), "serve", "--config", file});
    BOOST_TEST(got.status == 1);
    BOOST_TEST(got.errors.find("--admin") != std::string::npos, got.errors);

    process moved(
        {voicegate_program(), "serve", "--config", file, "--admin", "127.0.0.1:0", "--print-ports"},
        at.files.path("two-admins.stderr"));
    auto const admin = port_in(moved.next_line(), "admin");
    BOOST_TEST(admin != gate.admin_port());
    BOOST_TEST(status_at(admin) == 200U);
    moved.signal(SIGTERM);
    BOOST_TEST(moved.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(the_new_one_serves_while_the_old_one_drains)
{
    upstream.faults(echo);
    auto first = at.another(slow_drain);
    auto const own = first.mint("tts");
    auto held = open_websocket(first.port(), target, {cookie(own)});
    auto const second = at.another(sharing(first.port(), first.plain_port()));
    first.program().signal(SIGTERM);
    await("a gateway that drains", [&] { return first.admin("/readyz").status == 503; });
    for (auto i = 0; i < 20; ++i)
        BOOST_TEST(ask(second.port(), request("POST", "/tts/bytes", {cookie(own)}, speech())).status == 200U);
    BOOST_TEST(echoes(held));
    held.send(close_frame(1000));
    (void)read_close(held);
    held.close();
    BOOST_TEST(first.program().exit_status() == 0);
}

/// The kernel has connected them, and the gateway has not accepted them when it is told to end; they are so
/// many that it cannot do so before it takes the order.
BOOST_AUTO_TEST_CASE(who_waits_to_be_accepted_is_served_before_the_door_closes)
{
    auto leaving = at.another(slow_drain);
    leaving.program().signal(SIGSTOP);
    client_options plain;
    plain.tls = false;
    std::vector<client> waiting;
    waiting.reserve(500);
    for (auto i = 0; i < 500; ++i) {
        waiting.emplace_back(leaving.plain_port(), plain);
        waiting.back().send(request("GET", "/"));
    }
    leaving.program().signal(SIGTERM);
    leaving.program().signal(SIGCONT);
    for (auto& one : waiting)
        BOOST_TEST(read_answer(one).status == 403U);
    waiting.clear();
    BOOST_TEST(leaving.program().exit_status() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
