#pragma once
#include "gateway/cli/run.hpp"
#include "tests/gateway/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

namespace tests {

struct said {
    int code = 0;
    std::string out;
    std::string err;
};

/// A directory of its own in which commands run, with a `serve` that only notes what it was given.
class shell : public scratch {
public:
    said run(std::initializer_list<std::string> words)
    {
        std::ostringstream out;
        std::ostringstream err;
        auto const serve = [this](gateway::config const& c, gateway::serve_options const& o) {
            served.emplace_back(c, o);
            return serve_returns;
        };
        auto const get = [this](std::string const& name) -> std::optional<std::string> {
            if (name == "CARTESIA_API_KEY" && !api_key.empty()) return api_key;
            return std::nullopt;
        };
        std::vector<std::string> const all(words);
        auto const code = gateway::cli::run(all, {out, err, get, certs::system_random, serve});
        return {code, out.str(), err.str()};
    }

    /// Certificates, token keys and a good configuration; returns the configuration's name.
    std::string set_up(std::string_view more = "")
    {
        BOOST_REQUIRE(run({"certs", "dev", path("tls")}).code == 0);
        BOOST_REQUIRE(run({"keygen", "tokens", path("tokens.jwks")}).code == 0);
        return file(
            "voicegate.json",
            R"({"tls":{"certificates":[{"chain":"tls/localhost.pem","key":"tls/localhost.key"}]},
                "upstream":{"api_key":{"environment":"CARTESIA_API_KEY"}},"tokens":{"key_file":"tokens.jwks"})" +
                std::string(more) + "}");
    }

    std::string api_key = "sk_car_canary";
    std::vector<std::pair<gateway::config, gateway::serve_options>> served;
    int serve_returns = 0;
};

} // namespace tests
