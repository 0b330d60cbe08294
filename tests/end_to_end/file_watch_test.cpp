// Certificates and keys that are replaced are in force soon, and nobody has to say so.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

using namespace e2e;

namespace {

namespace fs = std::filesystem;

struct watching_scene : scene {
    watching_scene()
    {
        upstream.faults(R"([{"path": "/tts/websocket", "times": -1, "do": "ws_echo"}])");
        fs::remove_all(path("watched"));
    }

    [[nodiscard]] std::string path(std::string const& name) const { return at.files.path(name); }
    void issue(std::string const& name, std::string const& directory) const
    {
        fs::create_directories(path(directory));
        at.ca.issue({.name = name}, path(directory + "/tls.crt"), path(directory + "/tls.key"));
    }
    void put_link(std::string const& to, std::string const& name) const
    {
        fs::create_symlink(to, path(name + ".new"));
        fs::rename(path(name + ".new"), path(name));
    }
    [[nodiscard]] gateway watching(std::string const& directory) const
    {
        return at.another(
            R"({"reload": {"watch": true}, "tls": {"certificates": [{"chain": ")" + directory +
            R"(/tls.crt", "key": ")" + directory + R"(/tls.key"}]}})");
    }
    static void await_shown(gateway const& of, std::string const& name)
    {
        await(name, [&] { return client(of.port()).certificate_name() == name; });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_watch, watching_scene)

BOOST_AUTO_TEST_CASE(a_swapped_link_is_followed_without_a_signal) // Kubernetes
{
    issue("one.example", "watched/..1");
    put_link("..1", "watched/..data");
    put_link("..data/tls.crt", "watched/tls.crt");
    put_link("..data/tls.key", "watched/tls.key");
    auto own = watching("watched");
    BOOST_TEST(client(own.port()).certificate_name() == "one.example");
    auto socket = open_websocket(own.port(), "/tts/websocket", {bearer(own.mint("tts"))});
    for (auto i = 2; i < 5; ++i) {
        auto const number = std::to_string(i);
        issue("number-" + number + ".example", "watched/.." + number);
        put_link(".." + number, "watched/..data");
        fs::remove_all(path("watched/.." + std::to_string(i - 1)));
        await_shown(own, "number-" + number + ".example");
    }
    socket.send(text_frame("still there"));
    BOOST_TEST(read_frame(socket).payload == "still there");
    BOOST_TEST(own.metric("voicegate_reload_failures_total") == 0U);
    BOOST_TEST(own.errors().find("reload") == std::string::npos, own.errors());
}

BOOST_AUTO_TEST_CASE(links_that_are_replaced_one_by_one_are_followed) // certbot
{
    issue("one.example", "watched/archive1");
    fs::create_directory(path("watched/live"));
    put_link("../archive1/tls.crt", "watched/live/tls.crt");
    put_link("../archive1/tls.key", "watched/live/tls.key");
    auto own = watching("watched/live");
    issue("two.example", "watched/archive2");
    put_link("../archive2/tls.key", "watched/live/tls.key");
    await("a refused reload", [&] { return own.metric("voicegate_reload_failures_total") > 0; });
    BOOST_TEST(client(own.port()).certificate_name() == "one.example"); // half of a renewal
    put_link("../archive2/tls.crt", "watched/live/tls.crt");
    await_shown(own, "two.example");
}

BOOST_AUTO_TEST_CASE(files_written_in_place_are_read_and_the_configuration_is_not)
{
    issue("one.example", "watched");
    auto own = watching("watched");
    write_file(own.configuration_file(), "{ half of"); // someone is at it
    issue("two.example", "watched/fresh");
    for (auto const* name : {"/tls.crt", "/tls.key"})
        write_file(path(std::string("watched") + name), read_file(path(std::string("watched/fresh") + name)));
    await_shown(own, "two.example");
}

BOOST_AUTO_TEST_CASE(who_does_not_want_it_is_left_alone)
{
    issue("one.example", "watched");
    auto own = watching("watched");
    own.reconfigure(upstream.port(), R"({"tls": {"certificates": [
        {"chain": "watched/tls.crt", "key": "watched/tls.key"}]}})");
    own.reload();
    auto other = watching("watched");
    issue("two.example", "watched/fresh");
    for (auto const* name : {"/tls.crt", "/tls.key"})
        fs::rename(path(std::string("watched/fresh") + name), path(std::string("watched") + name));
    await_shown(other, "two.example");
    BOOST_TEST(client(own.port()).certificate_name() == "one.example");
}

BOOST_AUTO_TEST_SUITE_END()
