#pragma once
#include "certs/dev_ca.hpp"
#include "gateway/upstream/credential.hpp"
#include "tests/gateway/upstream/mint_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// Certificates for `localhost`, in a directory of their own that goes with the object.
struct certificates {
    certificates()
    {
        auto name = (std::filesystem::temp_directory_path() / "voicegate-certs-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
        directory = name;
        certs::make_development_certificates(directory, {}, std::chrono::system_clock::now());
    }
    ~certificates() { std::filesystem::remove_all(directory); }
    certificates(certificates const&) = delete;
    certificates& operator=(certificates const&) = delete;

    std::filesystem::path directory;
};

/// A keeper, its upstream, and one thread on which both run while the test waits for something to happen.
struct keeper_world {
    static constexpr auto tts = policy::grant_set{policy::grant::tts};
    static constexpr auto api_key = "sk_car_canary";

    keeper_world()
    {
        config.host = "localhost";
        config.ca_file = files.directory / "ca.pem";
        options.attempted = [this](bool minted) { ++(minted ? attempts_good : attempts_bad); };
        options.tell = [this](std::string_view line) { lines.emplace_back(line); };
        options.random = [] { return 0.5; };
        options.timing.retry_first = std::chrono::milliseconds{2};
        options.timing.retry_most = std::chrono::milliseconds{5};
        server.answer = [this](seen_request const&) { return token_answer(); };
    }

    ~keeper_world()
    {
        keeper.reset();
        server.close();
        io.restart();
        io.run_for(std::chrono::seconds{10}); // everything falls out by itself
        BOOST_TEST(io.stopped());
    }

    keeper_world(keeper_world const&) = delete;
    keeper_world& operator=(keeper_world const&) = delete;

    void start()
    {
        auto on_change = [this] { history.push_back(*out.latest()); };
        keeper.emplace(io, config, certs::secret(std::string(api_key)), where, out, on_change, options);
    }

    /// token-1, token-2 …
    [[nodiscard]] std::string token_answer() const
    {
        return http_answer(200, R"({"token":"token-)" + std::to_string(server.requests.size()) + R"("})");
    }

    /// Lets things happen until `happened`; false when they do not within 10 s.
    template <class Condition>
    [[nodiscard]] bool run_until(Condition happened)
    {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!happened())
            if (io.run_one_until(deadline) == 0) return happened();
        return true;
    }

    [[nodiscard]] gateway::upstream::credentials::entry entry(policy::grant_set grants = tts) const
    {
        return out.latest()->by_grants[grants.index()];
    }
    [[nodiscard]] std::string bearer(policy::grant_set grants = tts) const
    {
        auto const now = entry(grants);
        return now.bearer ? std::string(now.bearer->reveal()) : std::string();
    }

    certificates files;
    boost::asio::io_context io{1};
    mint_server server{io, files.directory};
    gateway::upstream_config config;
    gateway::published<gateway::upstream::addresses> where{
        std::make_shared<gateway::upstream::addresses const>(1, server.where())};
    gateway::published<gateway::upstream::credentials> out{
        std::make_shared<gateway::upstream::credentials const>()};
    gateway::upstream::keeper_options options;
    std::vector<gateway::upstream::credentials> history; ///< every publication
    std::vector<std::string> lines;
    unsigned attempts_good = 0;
    unsigned attempts_bad = 0;
    std::optional<gateway::upstream::credential_keeper> keeper;
};

} // namespace test
