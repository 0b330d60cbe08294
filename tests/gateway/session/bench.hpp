#pragma once
#include "certs/digest.hpp"
#include "gateway/base/token_cipher.hpp"
#include "gateway/session/endpoints.hpp"
#include "gateway/session/minting.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace tests {

using namespace gateway;
using session::endpoint_name;
using session::outcome;

inline constexpr policy::seconds_since_epoch now{std::chrono::seconds(1'800'000'000)};
inline constexpr std::string_view all_key = "vgk_all";
inline constexpr std::string_view tts_key = "vgk_tts";

inline std::shared_ptr<certs::key_set const> one_key(certs::key_term const& term = {})
{
    certs::key_set out;
    out.push_back({"k1", certs::secret(std::string(32, 'k')), term});
    return std::make_shared<certs::key_set const>(std::move(out));
}

inline token_config settings()
{
    token_config out;
    out.server_keys.push_back({
        "app", certs::sha256_hex(all_key), {policy::grant::tts, policy::grant::stt, policy::grant::agent}
    });
    out.server_keys.push_back({"speaker", certs::sha256_hex(tts_key), {policy::grant::tts}});
    return out;
}

/// The token in a Set-Cookie value.
inline std::string token_in(std::string_view set_cookie)
{
    auto const begin = set_cookie.find('=') + 1;
    return std::string(set_cookie.substr(begin, set_cookie.find(';') - begin));
}

/// The endpoints with all that they need around them, and a request in a few words.
struct bench {
    token_config config = settings();
    session_config sessions;
    policy::route_table routes;
    published<certs::key_set> keys{one_key()};
    gateway::token_cipher cipher{keys};
    policy::judge judge{config.judge, routes, cipher};
    mutable session::handoffs redeemed{100, {}};
    mutable session::proven_credentials proven{64, {}};
    session::endpoints endpoints{config, sessions, judge, cipher, redeemed, proven, certs::system_random};
    policy::revocation_list revoked{100, {}};

    struct ask {
        policy::method verb = policy::method::get;
        endpoint_name to = endpoint_name::session;
        std::string authorization;
        std::string api_key_field;
        std::string cookies;
        std::string body;
        policy::provenance came{.host = "voice.example.com", .marked = true};
    };

    outcome
    handle(ask const& what, policy::seconds_since_epoch at = now, policy::standing* sender = nullptr) const
    {
        session::own_request request;
        request.to = what.to;
        request.head.verb = what.verb;
        request.head.raw_target = "/";
        request.head.came = what.came;
        if (!what.authorization.empty()) request.head.authorization = what.authorization;
        if (!what.api_key_field.empty()) request.head.api_key_field = what.api_key_field;
        std::array<std::string_view, 1> const fields{what.cookies};
        if (!what.cookies.empty()) request.head.cookie_fields = fields;
        request.body = what.body;
        request.sender = sender;
        return endpoints.handle(request, revoked, at);
    }

    [[nodiscard]] policy::claims opened(std::string const& token) const
    {
        auto const got = policy::open_sealed(token, cipher, now);
        BOOST_TEST_REQUIRE(got.has_value());
        return *got;
    }

    std::string token(std::string subject = "ann", policy::grant_set grants = {policy::grant::tts}) const
    {
        auto about = session::claims_for(
            std::move(subject), grants, std::chrono::seconds(60), config.stream_outlives_token, now);
        return session::mint_token(about, cipher, certs::system_random, now);
    }
};

} // namespace tests
