// POST /access-token: what a server key may make.
#include "certs/digest.hpp"
#include "certs/secret.hpp"
#include "gateway/session/endpoints.hpp"
#include "gateway/session/minting.hpp"

#include <algorithm>

namespace gateway::session {

namespace {

/// The key that an app's server presents; the same two places as with Cartesia (contract §2).
boost::system::result<std::optional<std::string_view>, policy::denial>
presented_key(policy::request const& head)
{
    auto const bearer = head.authorization ? policy::read_bearer(*head.authorization) : std::nullopt;
    auto const field = head.api_key_field && !head.api_key_field->empty() ? head.api_key_field : std::nullopt;
    if (bearer && field && *bearer != *field) return policy::denial::conflicting_credentials;
    return bearer ? bearer : field;
}

/// Every configured hash is compared, so that the time tells nothing about which one came near.
server_key_config const* find_key(token_config const& config, std::string_view key)
{
    auto const hash = certs::sha256_hex(key);
    server_key_config const* found = nullptr;
    for (auto const& known : config.server_keys)
        if (certs::equal_in_constant_time(known.sha256, hash)) found = &known;
    return found;
}

bool covers(policy::grant_set most, policy::grant_set asked)
{
    return std::ranges::none_of(policy::all_grants, [&](auto g) { return asked.has(g) && !most.has(g); });
}

/// Why `key` may not make the token that is wanted, if it may not.
std::optional<fault>
beyond(server_key_config const& key, std::chrono::seconds lifetime_max, mint_request const& wanted)
{
    if (!covers(key.grants, wanted.grants)) return fault::grant_not_yours;
    if (wanted.lifetime > lifetime_max) return fault::lifetime_not_yours;
    if (!wanted.subject.starts_with(key.subject_prefix)) return fault::subject_not_yours;
    return std::nullopt;
}

} // namespace

outcome endpoints::mint(own_request const& request, policy::seconds_since_epoch now) const
{
    auto const key = presented_key(request.head);
    if (!key) return refused(key.error());
    if (!*key) return refused(fault::server_key_required);
    if (request.sender && !request.sender->may_try(**key)) return refused(policy::denial::too_many_failures);
    auto const* known = find_key(*config_, **key);
    if (!known) return refused(fault::server_key_wrong);
    proven_->note(**key);

    auto asked = read_mint_request(request.body, config_->lifetime_max);
    if (auto* flaw = std::get_if<body_flaw>(&asked))
        return refused(fault::bad_own_request, std::move(flaw->message));
    auto& wanted = std::get<mint_request>(asked);
    auto const longest = known->lifetime_max.count() > 0 ? known->lifetime_max : config_->lifetime_max;
    if (auto const why = beyond(*known, longest, wanted)) return refused(*why);

    auto const lifetime = wanted.lifetime.value_or(std::min(config_->lifetime_default, longest));
    auto about =
        claims_for(std::move(wanted.subject), wanted.grants, lifetime, config_->stream_outlives_token, now);
    auto const use = wanted.handoff ? policy::sealed_use::handoff : policy::sealed_use::token;
    auto const text = mint_known(about, now, use);
    if (text.empty()) return refused(why_not_sealed(now));
    auto const until = wanted.handoff ? handoff_until(about, session_->handoff_lifetime) : about.expires_at;
    answer made;
    made.body = std::string(wanted.handoff ? R"({"code":")" : R"({"token":")") + text +
                "\",\"expires_at\":" + std::to_string(until.time_since_epoch().count()) + "}";
    outcome out;
    out.reply = std::move(made);
    out.who = known->name;
    return out;
}

} // namespace gateway::session
