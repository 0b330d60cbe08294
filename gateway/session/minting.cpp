#include "gateway/session/minting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::session {

std::string random_id(certs::random_source const& random)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, 16> bytes{};
    random(bytes);
    std::string out;
    for (auto b : bytes)
        out += alphabet[b % alphabet.size()]; // 64 divides 256: every character is as likely as the others
    return out;
}

policy::claims claims_for(
    std::string subject,
    policy::grant_set grants,
    std::chrono::seconds lifetime,
    std::chrono::seconds stream_outlives,
    policy::seconds_since_epoch now)
{
    policy::claims about;
    about.sub = std::move(subject);
    about.grants = grants;
    about.issued_at = now;
    about.not_before = now;
    about.expires_at = now + lifetime;
    about.stream_until = about.expires_at + stream_outlives;
    return about;
}

std::string mint_token(
    policy::claims& about,
    policy::token_cipher const& cipher,
    certs::random_source const& random,
    policy::seconds_since_epoch now,
    policy::sealed_use use)
{
    about.jti = random_id(random);
    if (about.sid.empty()) about.sid = random_id(random);
    policy::nonce iv{};
    random(iv);
    return policy::seal(about, cipher, iv, now, use);
}

policy::seconds_since_epoch stream_until(policy::claims const& about, token_config const& tokens) noexcept
{
    return about.stream_until.value_or(about.expires_at + tokens.stream_outlives_token);
}

policy::claims session_of(
    policy::claims const& opened_with,
    token_config const& tokens,
    session_config const& session,
    policy::seconds_since_epoch now)
{
    auto first = opened_with;
    if (!first.session_until) {
        first.issued_at = first.not_before = now; // an app's token need not say when it was made
        first.session_until = std::max(now + session.lifetime, first.expires_at);
    }
    first.stream_until = stream_until(opened_with, tokens);
    return first;
}

policy::claims session_of(
    app_word const& word,
    token_config const& tokens,
    session_config const& session,
    policy::seconds_since_epoch now)
{
    constexpr std::chrono::seconds stream_most = std::chrono::days(7);
    auto const lifetime = std::min(word.lifetime.value_or(tokens.lifetime_default), tokens.lifetime_max);
    auto first = claims_for(word.subject, word.grants, lifetime, tokens.stream_outlives_token, now);
    if (word.stream_max)
        first.stream_until = std::max(now + std::min(*word.stream_max, stream_most), first.expires_at);
    first = session_of(first, tokens, session, now);
    first.authorized_at = now;
    return first;
}

bool recheck_due(
    policy::claims const& about, session_config const& session, policy::seconds_since_epoch now) noexcept
{
    auto const every = session.authorize.recheck;
    return about.authorized_at && every.count() > 0 && now - *about.authorized_at >= every;
}

bool renewable(policy::claims const& about, policy::seconds_since_epoch now) noexcept
{
    return about.session_until && *about.session_until > std::max(now, about.expires_at);
}

policy::seconds_since_epoch renew_after(policy::claims const& about) noexcept
{
    return about.expires_at - about.lifetime() / 3;
}

policy::claims renewed(policy::claims const& about, policy::seconds_since_epoch now)
{
    auto next = about;
    next.issued_at = now;
    next.not_before = now;
    next.expires_at = now + about.lifetime();
    if (about.session_until) next.expires_at = std::min(next.expires_at, *about.session_until);
    if (about.stream_until) next.stream_until = next.expires_at + (*about.stream_until - about.expires_at);
    return next;
}

} // namespace gateway::session
