// What a serving process has given up, as the kernel tells it. That all traffic still passes is what the
// other tests show: seccomp and Landlock are on in every gateway that they start.
#include "gateway/jail/jail.hpp"
#include "gateway/jail/landlock.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <openssl/pem.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace e2e;

namespace {

constexpr auto confined = !::gateway::jail::instrumented;

bool is_root() { return geteuid() == 0; }

/// The values of one line of proc(5)'s status.
std::string line_of(std::string const& status_file, std::string_view name)
{
    std::istringstream in(read_file(status_file));
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(std::string(name) + ":\t")) return line.substr(name.size() + 2);
    return {};
}

/// Filters may be around all that runs here already: those of a container.
std::string filters_here() { return line_of("/proc/self/status", "Seccomp_filters"); }
std::string one_filter_more() { return std::to_string(std::stoul(filters_here()) + (confined ? 1 : 0)); }

std::string place_of(process const& of, std::string_view file)
{
    return "/proc/" + std::to_string(of.id()) + "/" + std::string(file);
}

std::vector<std::string> status_files_of_threads(process const& of)
{
    std::vector<std::string> out;
    for (auto const& thread : std::filesystem::directory_iterator(place_of(of, "task")))
        out.push_back((thread.path() / "status").string());
    return out;
}

bool speaks(e2e::gateway const& gate)
{
    auto const token = gate.mint("tts");
    return ask(gate.port(), request("POST", "/tts/bytes", {cookie(token)}, speech())).status == 200;
}

std::size_t count(std::string const& text, std::string_view part)
{
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

/// The name under which OpenSSL looks for this authority in a directory.
std::string name_by_hash(std::string const& certificate_file)
{
    auto* const file = std::fopen(certificate_file.c_str(), "r");
    auto* const certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
    std::fclose(file);
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(certificate));
    X509_free(certificate);
    return name.data();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(jail, scene)

BOOST_AUTO_TEST_CASE(every_thread_is_filtered_and_gains_nothing)
{
    BOOST_TEST(speaks(gate)); // so that all threads are there: those of look-ups and of the log, too
    (void)gate.await_log("/tts/bytes");
    auto const threads = status_files_of_threads(gate.program());
    BOOST_TEST(threads.size() >= 5U); // control, two workers, look-ups, log
    for (auto const& status : threads) {
        BOOST_TEST(line_of(status, "NoNewPrivs") == "1", status);
        if (confined) BOOST_TEST(line_of(status, "Seccomp") == "2", status); // SECCOMP_MODE_FILTER
        BOOST_TEST(line_of(status, "Seccomp_filters") == one_filter_more(), status);
    }
}

BOOST_AUTO_TEST_CASE(no_core_is_dumped_and_only_root_looks_inside)
{
    auto const limits = read_file(place_of(gate.program(), "limits"));
    auto const found = limits.find("Max core file size");
    BOOST_REQUIRE(found != std::string::npos);
    std::istringstream line(limits.substr(found + std::string_view("Max core file size").size()));
    std::string soft;
    std::string hard;
    line >> soft >> hard;
    BOOST_TEST(soft == "0");
    BOOST_TEST(hard == "0");
    // proc(5): what belongs to root here is of a process that is not dumpable; root's own always does.
    struct stat about {};
    BOOST_REQUIRE(stat(place_of(gate.program(), "environ").c_str(), &about) == 0);
    BOOST_TEST(about.st_uid == 0U);
    if (!is_root()) BOOST_TEST(read_file(place_of(gate.program(), "environ")).empty());
}

BOOST_AUTO_TEST_CASE(root_is_told_once_that_it_should_not_serve)
{
    BOOST_TEST(count(gate.errors(), "process.user: ") == (is_root() ? 1U : 0U), gate.errors());
    if (confined)
        BOOST_TEST(
            count(gate.errors(), "process.landlock: ") ==
            (::gateway::jail::landlock_version() > 0 ? 0U : 1U));
}

BOOST_AUTO_TEST_CASE(another_user_serves_and_cannot_be_dumped_either)
{
    if (!is_root()) {
        auto const file =
            write_configuration(at.files, "as-root", upstream.port(), R"({"process": {"user": "root"}})");
        auto const got = run({voicegate_program(), "serve", "--config", file});
        BOOST_TEST(got.status == 78);
        BOOST_TEST(got.errors.starts_with("process.user: only root"), got.errors);
        return;
    }
    auto own = at.another(R"({"process": {"user": "nobody"}})");
    BOOST_TEST(speaks(own));
    for (auto const& status : status_files_of_threads(own.program())) {
        auto const ids = line_of(status, "Uid");
        BOOST_TEST(ids.find("\t0") == std::string::npos, ids);
        BOOST_TEST(!ids.starts_with("0\t"), ids);
        BOOST_TEST(line_of(status, "CapEff") == "0000000000000000");
        BOOST_TEST(line_of(status, "CapPrm") == "0000000000000000");
        BOOST_TEST(line_of(status, "Seccomp_filters") == one_filter_more());
    }
    struct stat about {};
    BOOST_REQUIRE(stat(place_of(own.program(), "environ").c_str(), &about) == 0);
    BOOST_TEST(about.st_uid == 0U); // else it would be nobody's
    BOOST_TEST(own.open_descriptors() > 5U);
    BOOST_TEST(own.errors().find("process.user") == std::string::npos, own.errors());
}

BOOST_AUTO_TEST_CASE(another_root_directory_holds_what_look_ups_need)
{
    std::filesystem::create_directories(at.files.path("root/etc"));
    write_file(at.files.path("root/etc/hosts"), "127.0.0.1 localhost\n");
    write_file(at.files.path("root/etc/resolv.conf"), "");
    std::filesystem::permissions(at.files.path("root/etc/hosts"), std::filesystem::perms(0644));
    auto const changes = R"({"process": {"chroot": "root", "user": "nobody"}})";
    if (!is_root()) {
        auto const file = write_configuration(at.files, "root", upstream.port(), changes);
        BOOST_TEST(run({voicegate_program(), "serve", "--config", file}).status == 78);
        return;
    }
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1); // at its end it would look into a /proc that is not there
    auto own = at.another(changes);
    unsetenv("LSAN_OPTIONS");
    BOOST_TEST(speaks(own));
    auto const seen = std::filesystem::read_symlink(place_of(own.program(), "root"));
    BOOST_TEST(seen == std::filesystem::path(at.files.path("root")));
    auto const metrics = own.admin("/metrics").body;
    for (auto const* figure : {"process_start_time_seconds", "process_cpu_seconds_total", "process_open_fds"})
        BOOST_TEST(metrics.find(figure) != std::string::npos, figure);
}

// The names that a gateway in a root directory of its own looks up are the test's to change.
BOOST_AUTO_TEST_CASE(a_new_address_of_the_upstream_is_used)
{
    if (!is_root()) return; // who is not has no root directory to give
    std::filesystem::create_directories(at.files.path("moving/etc"));
    auto const hosts = at.files.path("moving/etc/hosts");
    auto const is_at = [&](std::string const& address) { write_file(hosts, address + " localhost\n"); };
    is_at("127.0.0.2"); // where nobody listens
    write_file(at.files.path("moving/etc/resolv.conf"), "");
    std::filesystem::permissions(hosts, std::filesystem::perms(0644));
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
    auto own = at.another(
        R"({"process": {"chroot": "moving", "user": "nobody"},
            "upstream": {"credential": "api_key", "resolve_every": "1s"}})");
    unsetenv("LSAN_OPTIONS");
    auto const own_token = own.mint("tts");
    auto const status = [&] {
        return ask(own.port(), request("POST", "/tts/bytes", {cookie(own_token)}, speech())).status;
    };
    BOOST_TEST(status() == 502U);
    is_at("127.0.0.1");
    await("the new address", [&] { return status() == 200; });
}

BOOST_AUTO_TEST_CASE(each_can_be_switched_off)
{
    auto own = at.another(R"({"process": {"seccomp": false, "landlock": false}})");
    BOOST_TEST(speaks(own));
    for (auto const& status : status_files_of_threads(own.program())) {
        BOOST_TEST(line_of(status, "Seccomp_filters") == filters_here());
        BOOST_TEST(line_of(status, "NoNewPrivs") == "1");
    }
}

BOOST_AUTO_TEST_CASE(sighup_finds_new_files_in_old_ones_places_and_none_outside)
{
    scratch_directory const elsewhere;
    auto const keys = at.files.path("rotated.jwk");
    for (auto const& file : {keys, elsewhere.path("other.jwk")})
        BOOST_REQUIRE(run({voicegate_program(), "keygen", "tokens", file}).status == 0);
    auto own = at.another(R"({"tokens": {"key_file": "rotated.jwk"}})");

    std::filesystem::remove(keys);
    std::filesystem::create_symlink(elsewhere.path("other.jwk"), keys);
    if (confined && ::gateway::jail::landlock_version() > 0) {
        (void)own.refused_reload();
        BOOST_TEST(
            own.errors().find("tokens.key_file: cannot read " + keys) != std::string::npos, own.errors());
        BOOST_TEST(speaks(own));
        std::filesystem::remove(keys);
        std::filesystem::copy_file(elsewhere.path("other.jwk"), keys);
    }
    own.reload();
    BOOST_TEST(speaks(own));
}

// OpenSSL looks for an authority in a directory at each verification, so that it shows what the process can
// read now.
BOOST_AUTO_TEST_CASE(files_outside_cannot_be_read_even_by_a_link)
{
    scratch_directory const elsewhere;
    std::filesystem::create_directory(at.files.path("authorities"));
    auto const authority = at.files.path("ca.pem");
    auto const looked_for = at.files.path("authorities/" + name_by_hash(authority));
    std::filesystem::copy_file(authority, elsewhere.path("ca.pem"));

    auto const file = write_configuration(
        at.files, "directory", upstream.port(), R"({"upstream": {"credential": "api_key"}})");
    auto text = read_file(file);
    constexpr std::string_view named = R"("ca_file":"ca.pem",)";
    BOOST_REQUIRE(text.find(named) != std::string::npos);
    write_file(file, text.erase(text.find(named), named.size()));
    process own(
        {voicegate_program(), "serve", "--config", file, "--print-ports"},
        at.files.path("directory.stderr"),
        {"SSL_CERT_DIR=" + at.files.path("authorities"), "SSL_CERT_FILE=" + at.files.path("none.pem")});
    auto const port = port_in(own.next_line(), "https");
    auto const status = [&] {
        return ask(port, request("POST", "/tts/bytes", {cookie(token)}, speech())).status;
    };

    std::filesystem::create_symlink(elsewhere.path("ca.pem"), looked_for);
    if (confined && ::gateway::jail::landlock_version() > 0) {
        BOOST_TEST(status() != 200U);
        BOOST_TEST(status() != 200U);
        std::filesystem::remove(looked_for);
        std::filesystem::copy_file(authority, looked_for);
    }
    await("an upstream that is trusted", [&] { return status() == 200; });
}

BOOST_AUTO_TEST_SUITE_END()
