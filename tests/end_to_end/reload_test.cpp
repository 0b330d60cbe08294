// A configuration that changes while the gateway serves: what begins from then on is served by the new one,
// what runs goes on as it began, and nobody is cut off.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>

using namespace e2e;

namespace {

namespace json = boost::json;

struct changing_scene : scene {
    gateway changing = at.another("{}");
    std::string const own = changing.mint("tts,stt", seconds{3600});

    changing_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"},
                {"path": "/extra", "times": -1, "do": "status", "status": 200, "body": "more"}])");
    }

    void write(std::string_view changes) const { changing.reconfigure(upstream.port(), changes); }
    void put_in_force(std::string_view changes)
    {
        write(changes);
        changing.reload();
    }
    [[nodiscard]] unsigned status_at(client& on, std::string const& text) const
    {
        on.send(text);
        return read_answer(on).status;
    }
    /// Its status on a connection that is open, and on a new one.
    [[nodiscard]] std::pair<unsigned, unsigned> both(client& kept, std::string const& text) const
    {
        client fresh(changing.port());
        return {status_at(kept, text), status_at(fresh, text)};
    }
    /// A request is counted behind its answer.
    void await_count(std::string const& route, int count) const
    {
        auto const line =
            "\nvoicegate_requests_total{route=\"" + route + "\",code=\"2xx\"} " + std::to_string(count) + "\n";
        await(line, [&] { return changing.admin("/metrics").body.find(line) != std::string::npos; });
    }
    [[nodiscard]] std::string speak(std::size_t bytes = 0) const
    {
        return request("POST", "/tts/bytes", {bearer(own)}, speech() + std::string(bytes, ' '));
    }
};

using statuses = std::pair<unsigned, unsigned>;

constexpr auto all_changed = R"({
    "routes": [{"path": "/extra", "methods": ["GET"], "transport": "http", "grant": "tts"}],
    "browsers": {"origins": ["https://app.example"]},
    "limits": {"failures": 0, "connections_per_address": 0, "body_bytes": "4KiB", "frame_bytes": "1KiB",
               "message_bytes": "1KiB"},
    "tls": {"hsts_max_age": "7s"}
})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(reload, changing_scene)

BOOST_AUTO_TEST_CASE(routes_change_for_the_next_request_on_every_connection)
{
    client kept(changing.port());
    auto const extra = request("GET", "/extra", {bearer(own)});
    BOOST_TEST((both(kept, extra) == statuses(404, 404)));
    put_in_force(all_changed);
    BOOST_TEST((both(kept, extra) == statuses(200, 200)));
    await_count("/extra", 2);
    put_in_force("{}");
    BOOST_TEST((both(kept, extra) == statuses(404, 404)));
    BOOST_TEST((both(kept, speak()) == statuses(200, 200)));
    await_count("/extra", 2); // as it was
    await_count("/tts/bytes", 2);
}

BOOST_AUTO_TEST_CASE(limits_change_for_the_next_request_on_every_connection)
{
    constexpr std::size_t much = 8 * 1024;
    client kept(changing.port());
    BOOST_TEST((both(kept, speak(much)) == statuses(200, 200)));
    put_in_force(all_changed);
    BOOST_TEST((both(kept, speak()) == statuses(200, 200)));
    BOOST_TEST((both(kept, speak(much)) == statuses(413, 413)));
}

BOOST_AUTO_TEST_CASE(origins_and_what_answers_say_change_for_the_next_request)
{
    client kept(changing.port());
    auto const from_page = request(
        "POST",
        "/tts/bytes",
        {
            cookie(own), {"Origin", "https://app.example"}
    },
        "{}");
    kept.send(from_page);
    auto const refused = read_answer(kept);
    BOOST_TEST(refused.status == 403U);
    BOOST_TEST(refused.value("strict-transport-security") == "max-age=31536000");
    put_in_force(all_changed);
    kept.send(from_page);
    auto const served = read_answer(kept);
    BOOST_TEST(served.status != 403U);
    BOOST_TEST(served.value("access-control-allow-origin") == "https://app.example");
    BOOST_TEST(served.value("strict-transport-security") == "max-age=7");
}

BOOST_AUTO_TEST_CASE(a_server_key_that_is_taken_out_mints_nothing_more)
{
    (void)changing.mint("tts");
    put_in_force(R"({"tokens": {"server_keys": []}})");
    BOOST_CHECK_THROW((void)changing.mint("tts"), std::runtime_error);
    client kept(changing.port());
    BOOST_TEST((both(kept, speak()) == statuses(200, 200))); // what it minted is good
}

BOOST_AUTO_TEST_CASE(an_open_websocket_goes_on_as_it_began)
{
    std::string const long_text(4 * 1024, 'x');
    auto before = open_websocket(changing.port(), "/tts/websocket", {bearer(own)});
    put_in_force(all_changed);
    before.send(text_frame(long_text));
    BOOST_TEST(read_frame(before).payload == long_text);
    auto after = open_websocket(changing.port(), "/tts/websocket", {bearer(own)});
    after.send(text_frame(long_text));
    BOOST_TEST(read_close(after).close_code() == 1009U);
    before.send(text_frame("still there"));
    BOOST_TEST(read_frame(before).payload == "still there");
}

BOOST_AUTO_TEST_CASE(another_upstream_serves_what_begins_and_the_old_one_what_runs)
{
    simulator other(at.files, at.files.path("server.pem"), at.files.path("server.key"));
    auto before = open_websocket(changing.port(), "/tts/websocket", {bearer(own)});
    client kept(changing.port());
    BOOST_TEST(status_at(kept, speak()) == 200U);
    upstream.forget();
    changing.reconfigure(other.port(), "{}");
    changing.reload();
    BOOST_TEST((both(kept, speak()) == statuses(200, 200)));
    BOOST_TEST(other.requests_over(2).size() == 2U);
    BOOST_TEST(upstream.requests().empty());
    before.send(text_frame("still there"));
    BOOST_TEST(read_frame(before).payload == "still there");
    before.send(close_frame(1000));
    BOOST_TEST(read_close(before).close_code() == 1000U);
}

BOOST_AUTO_TEST_CASE(another_api_key_mints_what_is_shown_from_then_on)
{
    client kept(changing.port());
    BOOST_TEST(status_at(kept, speak()) == 200U);
    auto const key = at.files.path("other-api.key");
    write_file(key, "sk_car_not_this_one");
    std::filesystem::permissions(key, std::filesystem::perms(0600));
    constexpr auto from_there = R"({"upstream": {"api_key": {"file": "other-api.key"}}})";
    put_in_force(from_there);
    BOOST_TEST((both(kept, speak()) == statuses(503, 503)));
    write_file(key, simulator::api_key);
    changing.reload();
    client fresh(changing.port());
    BOOST_TEST(status_at(fresh, speak()) == 200U);
}

BOOST_AUTO_TEST_CASE(what_says_nothing_new_of_the_upstream_costs_it_nothing)
{
    // Nothing is opened ahead, so that each connection is one that a request asked for.
    std::string const cold = R"("upstream": {"warm": {"connections_min": 0, "connections_max": 0}})";
    put_in_force("{" + cold + "}");
    client kept(changing.port());
    BOOST_TEST(status_at(kept, speak()) == 200U);
    auto const minted = changing.metric("voicegate_upstream_token_mints_total");
    auto const connected = changing.metric("voicegate_upstream_connects_total");
    for (auto const* changes : {R"("browsers": {"origins": ["https://a.example"]})", R"("routes": [])"}) {
        put_in_force("{" + cold + ", " + changes + "}");
        BOOST_TEST(status_at(kept, speak()) == 200U);
    }
    BOOST_TEST(changing.metric("voicegate_upstream_token_mints_total") == minted);
    BOOST_TEST(changing.metric("voicegate_upstream_connects_total") == connected);
}

BOOST_AUTO_TEST_CASE(a_flawed_configuration_changes_nothing_and_is_named)
{
    client kept(changing.port());
    auto const since = changing.metric("voicegate_reload_success_timestamp_seconds");
    write(R"({"routes": [{"path": "/extra", "methods": ["GET"], "grant": "everything"}]})");
    auto const said = changing.refused_reload();
    BOOST_TEST(said.starts_with("reload: nothing has changed: routes[0].grant"), said);
    auto const told = changing.order("/reload");
    BOOST_TEST(told.status == 422U);
    BOOST_TEST(told.body.starts_with("routes[0].grant"), told.body);
    write_file(changing.configuration_file(), "{");
    BOOST_TEST(changing.order("/reload").status == 422U);
    BOOST_TEST(changing.metric("voicegate_reload_failures_total") == 3U);
    BOOST_TEST(changing.metric("voicegate_reloads_total") == 0U);
    BOOST_TEST(changing.metric("voicegate_reload_success_timestamp_seconds") == since);
    BOOST_TEST((both(kept, speak()) == statuses(200, 200)));
    BOOST_TEST((both(kept, request("GET", "/extra", {bearer(own)})) == statuses(404, 404)));
}

BOOST_AUTO_TEST_CASE(what_takes_a_restart_is_refused_whole)
{
    client kept(changing.port());
    write(R"({"threads": 1, "routes": [{"path": "/extra", "methods": ["GET"], "grant": "tts"}]})");
    auto const told = changing.order("/reload");
    BOOST_TEST(told.status == 409U);
    BOOST_TEST(told.body == "threads: takes a restart\n");
    BOOST_TEST((both(kept, request("GET", "/extra", {bearer(own)})) == statuses(404, 404)));
}

BOOST_AUTO_TEST_CASE(a_tool_reloads_and_is_told_what_is_in_force)
{
    auto const same = changing.order("/reload");
    BOOST_TEST(same.status == 200U);
    BOOST_TEST(!json::parse(same.body).at("configuration_changed").as_bool());
    write(all_changed);
    auto const told = json::parse(changing.order("/reload").body);
    BOOST_TEST(told.at("configuration_changed").as_bool());
    BOOST_TEST(
        told.at("in_force_since").as_int64() ==
        static_cast<std::int64_t>(changing.metric("voicegate_reload_success_timestamp_seconds")));
    client kept(changing.port());
    BOOST_TEST((both(kept, request("GET", "/extra", {bearer(own)})) == statuses(200, 200)));
}

BOOST_AUTO_TEST_CASE(what_is_under_way_ends_as_it_began)
{
    client slow(changing.port());
    auto const body = speech() + std::string(8 * 1024, ' ');
    auto const text = request("POST", "/tts/bytes", {bearer(own)}, body);
    slow.send(text.substr(0, text.size() - 5));
    upstream.await_state("open_http", 1);
    put_in_force(all_changed); // such a body is too large now
    slow.send(text.substr(text.size() - 5));
    BOOST_TEST(read_answer(slow).status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
