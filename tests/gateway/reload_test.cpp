#include "gateway/reload.hpp"

#include "tests/gateway/serving.hpp"

#include <sstream>

using gateway::config;
using gateway::config_error;

namespace {

struct reloading : tests::serving {
    config written = first; ///< what the configuration's file says
    gateway::key_material material{first};
    gateway::jail::heap_pin heap;
    std::ostringstream said;
    int changes = 0;
    int trust_changes = 0;
    gateway::reload one{
        {control,
         [this] { return written; },
         material, all,
         heap, counts,
         said, [this] { ++changes; },
         [this] { ++trust_changes; }}
    };

    [[nodiscard]] std::string refused()
    {
        auto const flaw = one.run();
        BOOST_REQUIRE(flaw.has_value());
        return flaw->text;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reloads, reloading)

BOOST_AUTO_TEST_CASE(what_was_written_is_put_in_force)
{
    auto const shown = material.server_tls.latest();
    written.limits.body_bytes = 7;
    BOOST_TEST(!one.run().has_value());
    BOOST_TEST(all.configuration().limits.body_bytes == 7U);
    BOOST_TEST(changes == 1);
    BOOST_TEST((material.server_tls.latest() != shown));
    BOOST_TEST(counts.reloads.get() == 1U);
    BOOST_TEST(counts.in_force_since.get() > 0U);
    BOOST_TEST(!one.run().has_value());
    BOOST_TEST(changes == 1); // nothing was
    BOOST_TEST(counts.reloads.get() == 2U);
    BOOST_TEST(said.str() == "");
}

BOOST_AUTO_TEST_CASE(a_flaw_anywhere_leaves_all_as_it_was)
{
    auto const before = all.now();
    auto const shown = material.server_tls.latest();
    written.limits.body_bytes = 7;
    written.upstream.ca_file = file("empty.pem", "");
    BOOST_TEST(refused().starts_with("upstream.ca_file: "));
    written = first;
    written.limits.body_bytes = 7;
    written.tls.certificates.front().key = file("other.key", "none");
    BOOST_TEST(refused().starts_with("tls.certificates: "));
    BOOST_TEST((all.now() == before));
    BOOST_TEST((material.server_tls.latest() == shown));
    BOOST_TEST(changes == 0);
    BOOST_TEST(counts.reload_failures.get() == 2U);
    BOOST_TEST(counts.reloads.get() == 0U);
    BOOST_TEST(said.str().starts_with("reload: nothing has changed: upstream.ca_file: "));
}

BOOST_AUTO_TEST_CASE(what_takes_a_restart_is_refused_whole)
{
    written.limits.body_bytes = 7;
    written.listen.backlog = 7;
    auto const flaw = one.run();
    BOOST_REQUIRE(flaw.has_value());
    BOOST_TEST(flaw->takes_restart);
    BOOST_TEST(flaw->text == "listen.backlog: takes a restart");
    BOOST_TEST(all.configuration().limits.body_bytes == first.limits.body_bytes);
}

BOOST_AUTO_TEST_CASE(files_are_read_without_the_configuration)
{
    auto const shown = material.server_tls.latest();
    written.limits.body_bytes = 7; // it is being edited
    written.tls.certificates.clear();
    one.run_for_files();
    BOOST_TEST((material.server_tls.latest() != shown));
    BOOST_TEST(all.configuration().limits.body_bytes == first.limits.body_bytes);
    BOOST_TEST(said.str() == "");
}

BOOST_AUTO_TEST_CASE(half_of_a_renewal_is_told_of_once)
{
    auto const key = first.tls.certificates.front().key;
    auto const aside = path("aside.key");
    std::filesystem::rename(key, aside);
    one.run_for_files();
    auto const told = said.str();
    BOOST_TEST(told != "");
    one.run_for_files();
    BOOST_TEST(said.str() == told);
    BOOST_TEST(counts.reload_failures.get() == 2U);
    std::filesystem::rename(aside, key);
    one.run_for_files();
    BOOST_TEST(counts.reloads.get() == 1U);
    std::filesystem::rename(key, aside);
    one.run_for_files();
    BOOST_TEST(said.str() == told + told);
}

BOOST_AUTO_TEST_CASE(who_vouches_for_the_upstream_is_told_of_when_it_changes)
{
    BOOST_TEST(!one.run().has_value());
    BOOST_TEST(trust_changes == 0);
    std::filesystem::remove_all(path("certs"));
    certs::make_development_certificates(path("certs"), {}, std::chrono::system_clock::now());
    one.run_for_files();
    BOOST_TEST(trust_changes == 1);
    BOOST_TEST(changes == 0);
}

BOOST_AUTO_TEST_SUITE_END()
